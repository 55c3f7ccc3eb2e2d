import type { Stats } from 'node:fs';
import type { MailslotError } from 'mailslot';
import { coloured } from '../terminal/colour.js';
import { escapeSentence } from '../terminal/escape.js';
import { inWords } from '../terminal/system-words.js';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, as `root`; several findings may have the same. */
  readonly check: string;
  readonly ok: boolean;
  readonly finding: string;
  /** What to do. Whatever is not ok has it. */
  readonly next?: string;
}

export function good(check: string, finding: string): Finding {
  return { check, ok: true, finding };
}

export function bad(check: string, finding: string, next: string): Finding {
  return { check, ok: false, finding, next };
}

/** What an error says, and apart from it the next step, with which its message ends. */
export function badByError(check: string, error: unknown): Finding {
  const { message, remedy } = error as MailslotError;
  if (remedy === undefined)
    return bad(check, inWords(message), 'correct what it names, then run "mailslot doctor" again');
  const end = `; ${remedy}`;
  const what = message.endsWith(end) ? message.slice(0, -end.length) : message;
  return bad(check, inWords(what), inWords(remedy));
}

/** The mode of a file, as `chmod` takes it. */
export function modeText({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** What `--json` shows. */
export function findingRecord({ check, ok, finding, next }: Finding): Record<string, unknown> {
  return { check, ok, finding, next: next ?? null };
}

/** As wide as the longest name of a check, `configuration`. */
const WIDTH = 13;

/** Lines for people. Much of what they say comes from others. */
export function findingLine({ check, ok, finding, next }: Finding): string {
  const line = `${ok ? coloured('green', 'ok ') : coloured('red', 'BAD')}  ${check.padEnd(WIDTH)}  ${escapeSentence(finding)}\n`;
  return next === undefined ? line : `${line}${' '.repeat(WIDTH + 7)}next: ${escapeSentence(next)}\n`;
}
