import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { inWords } from '../terminal/system-words.js';
import type { Ending } from '../terminal/until-signal.js';
import { type Told, withEnvironment } from './command-environment.js';

/**
 * Runs a command of the user. When this process is to end, so is the command with all that it has started.
 *
 * The shell is /bin/sh (cmd.exe on Windows), not `$SHELL`: a command means the same in a terminal, in cron and in a
 * service, whose `$SHELL` may be nologin.
 *
 * @returns what went wrong, in words that go on after `the command`
 */
export async function runShell(command: string, told: Told, ending: Ending): Promise<string | undefined> {
  if (ending.stop.aborted) return undefined;
  try {
    return await withEnvironment(told, process.platform, (variables) =>
      run(command, told.input, variables, ending),
    );
  } catch (error) {
    return `could not be run: ${inWords((error as Error).message)}`;
  }
}

async function run(
  command: string,
  input: Buffer | string,
  variables: Record<string, string>,
  ending: Ending,
): Promise<string | undefined> {
  const child = spawn(command, {
    shell: true,
    // A process group of its own, by which all of it can be ended.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  });
  // A command need not read its input. There is none when too many files are open, which an event then tells.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const ended = endsWith(child, ending);
  endsLeftWith(ending);
  const [code, killedBy] = await once(child, 'close');
  await ended();
  rememberLeft(child);
  if (code === 0) return undefined;
  return killedBy === null ? `failed with exit code ${code}` : `was ended by ${killedBy}`;
}

/** Process groups of commands that have ended, in which something still runs: `sleep 60 & exit`. */
const left = new Set<ChildProcess>();

function rememberLeft(child: ChildProcess): void {
  for (const each of left) if (!isLeft(each)) left.delete(each);
  if (isLeft(child)) left.add(child);
}

/** While its group is there, no process gets the number of a shell that has ended: one that has it is a stranger. */
function isLeft(child: ChildProcess): boolean {
  if (!signalGroup(child, 0)) return false;
  try {
    process.kill(child.pid as number, 0);
    return false;
  } catch {
    return true;
  }
}

const told = new WeakSet<AbortSignal>();

/** Once for a process: what commands have left running is asked to end with it. */
function endsLeftWith({ stop }: Ending): void {
  if (told.has(stop)) return;
  told.add(stop);
  const end = (): void => {
    for (const each of left) if (isLeft(each)) signalGroup(each, 'SIGTERM');
  };
  stop.addEventListener('abort', end, { once: true });
}

/** What a command that was told to end may take for it, before it is ended by force. */
const GRACE_MS = 10_000;
const LOOK_AGAIN_MS = 20;

/**
 * Ends the command with this process: asks its process group to end, and kills it when we are in a hurry or it takes too
 * long.
 *
 * @returns waits, if it was to end, until nothing of it is left
 */
function endsWith(child: ChildProcess, { stop, now }: Ending): () => Promise<void> {
  let deadline = Number.POSITIVE_INFINITY;
  const kill = (): void => void signalGroup(child, 'SIGKILL');
  const end = (): void => {
    deadline = performance.now() + GRACE_MS;
    signalGroup(child, 'SIGTERM');
    setTimeout(kill, GRACE_MS).unref();
  };
  stop.addEventListener('abort', end, { once: true });
  now.addEventListener('abort', kill, { once: true });
  return async () => {
    while (stop.aborted && performance.now() < deadline && signalGroup(child, 0)) await wait(LOOK_AGAIN_MS);
    stop.removeEventListener('abort', end);
    now.removeEventListener('abort', kill);
  };
}

/** False: nothing is left of it that could be told. */
function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  if (pid === undefined) return false;
  if (process.platform === 'win32') {
    if (signal !== 0)
      spawn('taskkill', ['/pid', `${pid}`, '/t', '/f'], { stdio: 'ignore' }).on('error', () => {});
    return false;
  }
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
