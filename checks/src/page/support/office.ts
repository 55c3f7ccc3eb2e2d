import type { FakeMessenger } from '../../../../packages/cli/dist/page/fake-messenger.test.support.js';

/** A day in an office, as pictures and the check of accessibility want it: every kind of message there is. */
export function office(past: FakeMessenger): void {
  const read = { isRead: true };
  const own = { from: 'ANNA', computer: undefined, isOwn: true, ...read };
  const receipt = (name: string, computer: string, kind: 'delivered' | 'read') => ({
    name,
    computer,
    kind,
    time: 1,
  });
  past.receive({ ...read, from: 'CARLA', computer: 'CHARLIE', text: 'The parcel is at the front desk.' });
  past.receive({ ...own, to: 'CARLA', text: 'Thank you!', receipts: [receipt('CARLA', 'CHARLIE', 'read')] });
  past.receive({ from: 'NIGHT SHIFT', computer: 'DELTA', text: 'Backup done, 412 GB.' });
  past.receive({ from: 'NIGHT SHIFT', computer: 'DELTA', text: 'Tape changed.' });
  past.receive({ ...read, text: 'Are you coming to the stand-up?' });
  past.receive({ ...own, to: 'BOB', text: 'Two minutes', receipts: [receipt('BOB', 'BRAVO', 'delivered')] });
  past.receive({
    ...read,
    to: '*',
    text: 'Good morning! The coffee machine on the second floor works again ☕',
  });
  past.receive({ ...read, to: '*', text: 'And there is cake.' });
  past.receive({
    ...read,
    from: 'CARLA',
    computer: 'CHARLIE',
    to: '*',
    text: 'On my way. Who is in the office today?',
  });
  past.receive({
    ...own,
    to: '*',
    text: 'All of the second floor. Lunch at noon?',
    receipts: [receipt('BOB', 'BRAVO', 'read'), receipt('CARLA', 'CHARLIE', 'read')],
  });
  past.receive({
    ...read,
    from: 'OPS',
    computer: 'DELTA',
    to: '*',
    level: 'warning',
    text: 'The file server restarts at 18:00. Save your work.',
  });
  past.receive({
    ...read,
    from: 'DANA',
    computer: 'ECHO',
    authenticated: false,
    to: '*',
    text: 'Is the meeting room free?',
  });
  past.receive({
    from: 'OPS',
    computer: 'DELTA',
    to: '*',
    level: 'alert',
    text: 'Fire drill in ten minutes. Take the stairs.',
  });
}
