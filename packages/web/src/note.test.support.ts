import type { PageNote } from './api.js';

/** A note of a test: what matters is said, the rest is as usual. */
export function noteOf(id: string, receivedAt: number, parts: Partial<PageNote> = {}): PageNote {
  return {
    id,
    with: 'BOB',
    from: 'BOB',
    computer: 'BRAVO',
    authenticated: true,
    to: 'ANNA',
    text: id,
    level: 'info',
    time: receivedAt,
    receivedAt,
    isOwn: false,
    isRead: false,
    isNotice: false,
    receipts: [],
    ...parts,
  };
}
