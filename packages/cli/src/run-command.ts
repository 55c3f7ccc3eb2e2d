import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Message } from 'mailslot';
import { escapeText } from './escape.js';

/**
 * Runs a command of the user for each message, one after the other: the message is its standard input, never part of
 * the command line. It is told whose message it is in its environment; a command that fails is told on standard error.
 *
 * The shell is /bin/sh (cmd.exe on Windows), not `$SHELL`: a command means the same in a terminal, in cron and in a
 * service, whose `$SHELL` may be nologin.
 */
export async function runCommand(
  command: string,
  messages: readonly Message[],
  name: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { data, sender } of messages) {
    const failure = await runShell(command, data, signal, {
      MAILSLOT_NAME: name,
      MAILSLOT_SENDER_PID: `${sender.pid}`,
      MAILSLOT_SENDER_VIA: sender.via,
      // Empty and not missing, or the command would see that of whoever started us.
      MAILSLOT_SENDER_COMPUTER: escapeText(sender.computer ?? ''),
    });
    if (signal.aborted) return;
    if (failure !== undefined) process.stderr.write(`mailslot: the command ${failure}; listening goes on\n`);
  }
}

/**
 * Runs a command of the user with that as its standard input and those variables beside our own.
 *
 * @returns what went wrong, in words that go on after `the command`
 */
export async function runShell(
  command: string,
  input: Buffer | string,
  signal: AbortSignal,
  variables: Record<string, string>,
): Promise<string | undefined> {
  const child = spawn(command, {
    shell: true,
    signal,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  });
  // A command need not read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [code, killedBy] = await once(child, 'close');
    if (code === 0) return undefined;
    return killedBy === null ? `failed with exit code ${code}` : `was ended by ${killedBy}`;
  } catch (error) {
    return `could not be run: ${(error as Error).message}`;
  }
}
