import type { PageNotes } from '@mailslot/web/api';
import { pageNote } from './feed.js';
import { NOTES_BYTES_MAX, NOTES_MAX, SEARCH_UNITS_MAX } from './limits.js';
import type { Note, PageMessenger } from './messenger.js';
import { Refusal } from './refusal.js';

/** `GET notes`: the latest notes of a conversation, or of all, or those with a text in them; and the ones before a note. */
export function notesOf(history: PageMessenger['history'], query: URLSearchParams): PageNotes {
  const limit = limitOf(query.get('limit'));
  const search = query.get('search') ?? undefined;
  const partner = query.get('with') ?? undefined;
  const before = query.get('before') ?? undefined;
  if (search !== undefined && search.length > SEARCH_UNITS_MAX)
    throw new Refusal(400, `what is looked for has at most ${SEARCH_UNITS_MAX} characters`);
  const found = history.notes({
    limit: limit + 1,
    ...(search !== undefined && { search }),
    ...(partner !== undefined && { with: partner }),
    ...(before !== undefined && { before }),
  });
  const latestFirst = [...found].sort((one, other) => other.receivedAt - one.receivedAt);
  const notes = fitting(latestFirst.slice(0, limit));
  return { notes: notes.reverse().map(pageNote), more: notes.length < found.length };
}

/** As many as one answer carries, and one in any case. */
function fitting(notes: readonly Note[]): Note[] {
  let units = 0;
  const end = notes.findIndex((note) => {
    units += note.text.length;
    return units > NOTES_BYTES_MAX;
  });
  return notes.slice(0, end < 0 ? notes.length : Math.max(1, end));
}

function limitOf(text: string | null): number {
  const limit = Number(text ?? NOTES_MAX);
  if (!Number.isInteger(limit) || limit < 1 || limit > NOTES_MAX)
    throw new Refusal(400, `limit is a number from 1 to ${NOTES_MAX}`);
  return limit;
}
