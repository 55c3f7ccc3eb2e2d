import { setTimeout as wait } from 'node:timers/promises';
import { escapeSentence } from '../terminal/escape.js';
import { tell } from '../terminal/output.js';
import type { Popup, Show } from './popup.js';

/** How often an alert that nobody has confirmed is told again. */
const AGAIN_MS = 60_000;

/** Where there is no desktop: a line on standard error and, if that is a terminal, its bell. An alert comes again and again. */
export const onTerminal: Show = async (popup, signal) => {
  tell(lineOf(popup));
  while (popup.isAlert) {
    await wait(AGAIN_MS, undefined, { signal });
    tell(lineOf(popup));
  }
  return 'shown';
};

function lineOf({ title, text, isUrgent, isAlert }: Popup): string {
  const bell = process.stderr.isTTY ? '\x07' : '';
  const mark = isAlert ? ' [alert]' : isUrgent ? ' [warning]' : '';
  return `${bell}${escapeSentence(`${title}${mark}: ${text}`)}\n`;
}
