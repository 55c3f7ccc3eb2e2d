import { existsSync } from 'node:fs';
import { realPorts } from '../ports/ports.js';
import { History } from './history.js';
import { partnerOf } from './note.js';

/** The latest notes that are looked at for names. */
const NOTES_MAX = 1_000;

/** With whom this user has spoken lately, as the history in that folder tells, if there is one. */
export function historyNames(folder: string): string[] {
  try {
    return existsSync(folder) ? partnersIn(new History(folder, realPorts)) : [];
  } catch {
    // One that cannot be read knows nobody.
    return [];
  }
}

export function partnersIn(history: History): string[] {
  return history.notes({ limit: NOTES_MAX }).map(partnerOf);
}
