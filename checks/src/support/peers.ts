import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Programs that checks talk to and that are no part of the project, and what each shows. `npm test` as root on Debian
 * installs those that are missing.
 */
export const peers = {
  sudo: 'two users meet, or must not, in one root',
  zsh: 'the completion of zsh',
  fish: 'the completion of fish',
  mandoc: 'the man page is well-formed',
  tmux: '`listen` on a real terminal',
  script: 'what somebody at a terminal sees who follows the README',
  'nats-server': 'domains larger than one LAN; the bench measures NATS beside us',
  openssl: 'the certificates of NATS servers',
  ip: 'computers on a LAN: network namespaces with a bridge between them',
  nft: 'firewalls of those computers',
  iptables: 'firewalls of those computers, as older programs set them up',
  tshark: 'what can be read on that LAN',
  chromium: 'the page of the messenger in a browser',
} as const;

export type Peer = keyof typeof peers;

/** The Debian package of a program, where that has another name. */
const packages: Partial<Record<Peer, string>> = { ip: 'iproute2', nft: 'nftables', script: 'bsdutils' };

export function packageOf(peer: Peer): string {
  return packages[peer] ?? peer;
}

export function isOnPath(program: string): boolean {
  return pathOf(program) !== undefined;
}

/** Where the program is; undefined if it is missing. */
export function pathOf(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
