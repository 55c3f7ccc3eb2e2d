import type { PageNote } from './api.js';
import { dayOf } from './times.js';

/** A line of the list of notes. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly day: number }
  | { readonly kind: 'note'; readonly key: string; readonly note: PageNote; readonly isFollowing: boolean };

/** Within this time a sender's notes stand together under one head. */
const TOGETHER_MS = 5 * 60_000;

/** The shortest day there is: that on which the clocks go forward. */
const SURELY_SAME_DAY_MS = 23 * 3_600_000;

/** Notes, the oldest first, as rows: a head for each day, notes of one sender together. */
export function rowsOf(notes: readonly PageNote[]): Row[] {
  const rows: Row[] = [];
  let before: PageNote | undefined;
  let day = 0;
  for (const note of notes) {
    // Asking the calendar for each of ten thousand notes would cost a frame; within 23 hours of a day's begin nobody need.
    const isSameDay =
      before !== undefined &&
      note.receivedAt >= day &&
      (note.receivedAt - day < SURELY_SAME_DAY_MS || dayOf(note.receivedAt) === day);
    if (!isSameDay) {
      day = dayOf(note.receivedAt);
      rows.push({ kind: 'day', key: `day before ${note.id}`, day });
    }
    const isFollowing = isSameDay && before !== undefined && belongTogether(before, note);
    rows.push({ kind: 'note', key: note.id, note, isFollowing });
    before = note;
  }
  return rows;
}

function belongTogether(one: PageNote, other: PageNote): boolean {
  return (
    one.isOwn === other.isOwn &&
    one.from === other.from &&
    one.computer === other.computer &&
    one.authenticated === other.authenticated &&
    one.level === other.level &&
    other.receivedAt - one.receivedAt < TOGETHER_MS
  );
}
