import type { Note } from 'mailslot/messenger';

/** A message that somebody sent to us, but for what the test says. */
export function noteFor(fields: Partial<Note>): Note {
  return {
    id: '0000000000000001',
    from: 'ANNA',
    computer: 'PC3',
    authenticated: true,
    to: 'BOB',
    text: 'hello',
    level: 'info',
    time: Date.UTC(2026, 0, 1),
    receivedAt: Date.UTC(2026, 0, 1),
    ttl: undefined,
    thread: undefined,
    wants: undefined,
    reply: undefined,
    isOwn: false,
    isRead: false,
    isNotice: false,
    receipts: [],
    ...fields,
  };
}
