import { escapeSentence, jsonLine } from './escape.js';

/** What a shell learns from this process; a listener that a signal ends dies by that signal (130, 143). */
const EXIT = { done: 0, failed: 1, usage: 2, timedOut: 3 } as const;

/** The command line asks for something that cannot be. */
export class UsageError extends Error {
  readonly code = 'ERR_MAILSLOT_INVALID_ARGUMENT';
}

/**
 * The one place where an error becomes a line on standard error and an exit code. The process then ends by itself,
 * so that what was written before is flushed.
 */
export function fail(error: unknown, json: boolean): void {
  const { code, message, exitCode } = told(error);
  process.exitCode = exitCode;
  if (message === '') return;
  process.stderr.write(
    json ? jsonLine({ error: { code, message } }) : `mailslot: ${escapeSentence(message)}\n`,
  );
}

/** What somebody should know beside, as that a slot hears this computer only for now. */
export function note({ message }: Error, json: boolean): void {
  process.stderr.write(json ? jsonLine({ warning: { message } }) : `mailslot: ${escapeSentence(message)}\n`);
}

interface Told {
  readonly code: string;
  /** Empty when there is nothing (more) to tell. */
  readonly message: string;
  readonly exitCode: number;
}

function told(error: unknown): Told {
  const { name, message } = error as Error;
  // What AbortSignal.timeout rejects with; its `code` is a number.
  if (name === 'TimeoutError') {
    return {
      code: 'ERR_MAILSLOT_TIMEOUT',
      message: 'not done within the time given',
      exitCode: EXIT.timedOut,
    };
  }
  const { code = '' } = error as NodeJS.ErrnoException;
  // The reader of our output has enough (`| head -1`).
  if (code === 'EPIPE') return { code, message: '', exitCode: EXIT.done };
  if (code.startsWith('commander.')) return toldByCommander(error as Error & { exitCode: number }, code);
  return { code: code || 'ERR_MAILSLOT_IO', message, exitCode: exitCodeOf(code) };
}

function exitCodeOf(code: string): number {
  switch (code) {
    case 'ERR_MAILSLOT_TIMEOUT':
      return EXIT.timedOut;
    case 'ERR_MAILSLOT_INVALID_ARGUMENT':
    case 'ERR_MAILSLOT_INVALID_NAME':
      return EXIT.usage;
    default:
      return EXIT.failed;
  }
}

function toldByCommander(error: Error & { exitCode: number }, code: string): Told {
  // Help and version are done; help instead of a missing command has been written to standard error already.
  if (error.exitCode === 0) return { code, message: '', exitCode: EXIT.done };
  const message = code === 'commander.help' ? '' : error.message.replace(/^error: /, '').replace('\n', ' ');
  return { code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message, exitCode: EXIT.usage };
}
