import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';

const onWindows = process.platform === 'win32';

/** Says to those within that they are in a group already: in one of their own they would outlive it. */
export const IN_GROUP_VARIABLE = 'MAILSLOT_CHECK_GROUP';

/** Options for `spawn` and `spawnSync`: what the program starts in turn can be ended together with it. */
export function inGroup(): { readonly detached: boolean } {
  return { detached: !onWindows && process.env[IN_GROUP_VARIABLE] === undefined };
}

/** For the environment of a program that is started with {@link inGroup}. */
export const groupMark: Readonly<Record<string, string>> = { [IN_GROUP_VARIABLE]: '1' };

/** Ends what is left of a program that was started with {@link inGroup}, and of all that it started in that group. */
export function killGroup(pid: number | undefined): void {
  // 0 would be our own group.
  if (!pid) return;
  if (onWindows) {
    spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)]);
    return;
  }
  try {
    process.kill(inGroup().detached ? -pid : pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const atEnd = new Set<number>();

/** Has the group ended when this process is: no signal of a terminal reaches it. Returns how to let go of it. */
export function endWithUs(pid: number | undefined): () => void {
  if (!pid) return () => {};
  if (atEnd.size === 0) {
    process.prependListener('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, exitOf);
  }
  atEnd.add(pid);
  return () => {
    atEnd.delete(pid);
    if (atEnd.size > 0) return;
    process.off('exit', endAll);
    for (const signal of SIGNALS) process.off(signal, exitOf);
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function exitOf(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

function endAll(): void {
  for (const pid of atEnd) killGroup(pid);
}
