import { effect } from '@preact/signals';
import { connection, unread } from './store.js';

/** What a tab shows of itself: how many messages wait. */
export function startTitle(): void {
  effect(() => {
    const count = unread.value > 0 ? `(${unread.value}) ` : '';
    document.title = `${count}Mailslot${connection.value === 'lost' ? ' – not connected' : ''}`;
  });
}
