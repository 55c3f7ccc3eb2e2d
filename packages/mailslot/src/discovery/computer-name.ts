import { MailslotError } from '../errors.js';
import { parseName } from '../name/slot-name.js';

/** Whether a slot's name could begin with `//text/`, so that it names one computer. */
export function isComputerName(text: string): boolean {
  if (text === '*') return false;
  try {
    return parseName(`//${text}/mailslot/x`).host === text;
  } catch (error) {
    if (error instanceof MailslotError) return false;
    throw error;
  }
}
