import { escapeSentence, jsonLine } from './escape.js';
import { ReaderGone, tell } from './output.js';
import { inWords } from './system-words.js';

/** What a shell learns from this process; a listener that a signal ends dies by that signal (130, 143). */
const EXIT = { done: 0, failed: 1, usage: 2, timedOut: 3 } as const;

/** The command line asks for something that cannot be. */
export class UsageError extends Error {
  readonly code = 'ERR_MAILSLOT_INVALID_ARGUMENT';
}

/** The one place where an error becomes a line on standard error and an exit code. */
export function fail(error: unknown, json: boolean): void {
  const { code, message: whole, exitCode } = told(error);
  process.exitCode = exitCode;
  if (whole === '') return;
  const message = shortened(whole);
  tell(json ? jsonLine({ error: { code, message } }) : `mailslot: ${escapeSentence(message)}\n`);
}

/** A message shows what was given, which may be a whole file; how it begins and what to do stay. */
const SHOWN = { begin: 1500, end: 500 };

function shortened(text: string): string {
  if (text.length <= SHOWN.begin + SHOWN.end) return text;
  return `${text.slice(0, SHOWN.begin)} … ${text.slice(-SHOWN.end)}`;
}

/** What somebody should know beside, as that a slot hears this computer only for now. */
export function note({ message }: Error, json: boolean): void {
  const text = inWords(message);
  tell(json ? jsonLine({ warning: { message: text } }) : `mailslot: ${escapeSentence(text)}\n`);
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
  if (error instanceof ReaderGone) return { code, message: '', exitCode: EXIT.done };
  if (code.startsWith('commander.')) return toldByCommander(error as Error & { exitCode: number }, code);
  return {
    code: code.startsWith('ERR_') ? code : 'ERR_MAILSLOT_IO',
    message: inWords(message),
    exitCode: exitCodeOf(code),
  };
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
