import type { Level } from 'mailslot/messenger';

/** How many unread messages are read of the history at a time, and looked at in all. */
const AT_ONCE = 1_000;
const SEEN_MAX = 200_000;

interface Message {
  readonly id: string;
  readonly level: Level;
  readonly isOwn: boolean;
  readonly time: number;
  readonly receivedAt: number;
  readonly ttl?: number | undefined;
}

interface History<Note> {
  notes(wanted: { limit: number; unreadOnly: true; before?: string }): readonly Note[];
}

/** When it is of no use any more, in milliseconds since 1970, as its sender said; never, if nothing was said. */
export function expiryOf({ time, ttl }: Message): number {
  return ttl === undefined ? Number.POSITIVE_INFINITY : time + ttl * 1_000;
}

/** The alerts that nobody has confirmed and that are of use still at that time: the oldest `max`, the oldest first. */
export function unreadAlerts<Note extends Message>(history: History<Note>, now: number, max: number): Note[] {
  let alerts: Note[] = [];
  let before: string | undefined;
  for (let seen = 0; seen < SEEN_MAX; seen += AT_ONCE) {
    const notes = history.notes({
      limit: AT_ONCE,
      unreadOnly: true,
      ...(before !== undefined && { before }),
    });
    const waiting = notes.filter((note) => note.level === 'alert' && !note.isOwn && expiryOf(note) > now);
    alerts = [...waiting, ...alerts].slice(0, max);
    if (notes.length < AT_ONCE) break;
    before = oldestOf(notes).id;
  }
  return alerts;
}

function oldestOf<Note extends Message>(notes: readonly Note[]): Note {
  return notes.reduce((one, other) => (other.receivedAt < one.receivedAt ? other : one));
}
