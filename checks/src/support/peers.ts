import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Programs that checks talk to and that are no part of the project: their Debian package, which is also the name of
 * the program, and what it shows. `npm test` as root on Debian installs those that are missing.
 */
export const peers = {
  sudo: 'two users meet, or must not, in one root',
  zsh: 'the completion of zsh',
  fish: 'the completion of fish',
  mandoc: 'the man page is well-formed',
  tmux: '`listen` on a real terminal',
  'nats-server': 'the bench measures NATS beside us',
  'redis-server': 'the bench measures Redis beside us',
} as const;

export type Peer = keyof typeof peers;

export function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
