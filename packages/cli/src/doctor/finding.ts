import type { Stats } from 'node:fs';
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

/** Errors of the library end with the next step: `…; run "chmod 600 …"`. */
export function badByError(check: string, error: unknown): Finding {
  const message = inWords((error as Error).message);
  const at = message.lastIndexOf('; ');
  return at < 0
    ? bad(check, message, remedyFor(message))
    : bad(check, message.slice(0, at), message.slice(at + 2));
}

/** Where an error names a file and what is wrong in it, that place is to be corrected. */
function remedyFor(message: string): string {
  const [, file] = /(?:configuration|policy|file) (\S.*?) cannot /.exec(message) ?? [];
  const [, line] = /\bline (\d+)/.exec(message) ?? [];
  if (file === undefined) return 'correct what it names, then run "mailslot doctor" again';
  return line === undefined ? `correct ${file}` : `correct line ${line} of ${file}`;
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
