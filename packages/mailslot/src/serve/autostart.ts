import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MailslotError } from '../errors.js';

/** What runs as a redirector that was started on first need: beside this file, which may be bundled as CommonJS. */
const PROGRAM = new URL(`./redirector-process${extname(import.meta.url)}`, import.meta.url);

/**
 * Starts a redirector for `root` in a process of its own, which ends when nobody has needed it for a minute.
 *
 * Rejects with `ERR_MAILSLOT_REMOTE_DISABLED` when this computer is in no domain, since nothing is started that has
 * nothing to say, and with `ERR_MAILSLOT_NOT_FOUND` when MAILSLOT_AUTOSTART=0 forbids it.
 */
export async function startDetached(root: string): Promise<void> {
  // Loaded on first need: who writes to a slot of this computer never asks for a configuration.
  const { loadConfig } = await import('./config.js');
  if (loadConfig(process.env).domains.length === 0) throw inNoDomain();
  if (process.env['MAILSLOT_AUTOSTART'] === '0') {
    throw new MailslotError(
      'ERR_MAILSLOT_NOT_FOUND',
      'no redirector runs, and MAILSLOT_AUTOSTART=0 forbids to start one: run "mailslot serve"',
    );
  }
  const child = spawn(process.execPath, [fileURLToPath(PROGRAM), root], {
    detached: true,
    stdio: 'ignore',
    // It must not keep a folder busy in which somebody happened to be.
    cwd: '/',
  });
  // A program that cannot be started is noticed by who waits for it.
  child.on('error', () => {});
  child.unref();
}

/** The error of a remote name where there is no domain. */
function inNoDomain(): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_REMOTE_DISABLED',
    'this computer is in no domain, so nothing is sent to others and nothing heard from them; make one with ' +
      '"mailslot key new OFFICE", or join one: "mailslot key share" there, "mailslot key install" here',
  );
}
