import type { PageNote } from './api.js';

/** Notes that the page holds of one conversation; the oldest go, and come back when somebody scrolls to them. */
export const NOTES_MAX = 20_000;

/** Notes of one conversation in the order of their arrival, and whether there are older ones on the server. */
export interface Notes {
  readonly list: readonly PageNote[];
  readonly more: boolean;
}

export const noNotes: Notes = { list: [], more: false };

/** What came, or what has changed, among those that are there. Older ones than all that are there do not belong there. */
export function withNews(notes: Notes, news: readonly PageNote[]): Notes {
  if (news.length === 0) return notes;
  const byId = new Map(news.map((note) => [note.id, note]));
  const list = notes.list.map((note) => {
    const changed = byId.get(note.id);
    byId.delete(note.id);
    return changed ?? note;
  });
  const oldest = list[0]?.receivedAt ?? Number.NEGATIVE_INFINITY;
  const added = [...byId.values()].filter(({ receivedAt }) => !notes.more || receivedAt >= oldest);
  const isInOrder = list.length === 0 || added.every((note) => note.receivedAt >= list.at(-1)!.receivedAt);
  list.push(...added);
  if (!isInOrder) list.sort((one, other) => one.receivedAt - other.receivedAt);
  const excess = Math.max(0, list.length - NOTES_MAX);
  return { list: list.slice(excess), more: notes.more || excess > 0 };
}

/** A page of older notes, before those that are there. */
export function withOlder(notes: Notes, older: readonly PageNote[], more: boolean): Notes {
  const known = new Set(notes.list.map(({ id }) => id));
  return { list: [...older.filter(({ id }) => !known.has(id)), ...notes.list], more };
}
