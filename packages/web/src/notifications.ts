import { type Signal, signal } from '@preact/signals';
import type { PageNote } from './api.js';
import { harmless, harmlessLine } from './text.js';

type Permission = NotificationPermission | 'impossible';

/** Whether the browser may show notes on the desktop. */
export const permission: Signal<Permission> = signal(
  'Notification' in globalThis ? Notification.permission : 'impossible',
);

/** Browsers let a page ask only when somebody has pressed something. */
export async function askToNotify(): Promise<void> {
  permission.value = await Notification.requestPermission();
}

/** Shown at once; the others are told of by number, so that a flood is one line and not a screen full. */
const AT_ONCE = 3;

/** Shows notes on the desktop, unless somebody is looking at the page anyway. */
export function notifyOf(notes: readonly PageNote[], onOpen: (note: PageNote) => void): void {
  if (permission.value !== 'granted' || document.hasFocus()) return;
  for (const note of notes.slice(-AT_ONCE)) show(note, onOpen);
  if (notes.length > AT_ONCE)
    new Notification('Mailslot', { body: `${notes.length - AT_ONCE} more messages`, tag: 'more' });
}

function show(note: PageNote, onOpen: (note: PageNote) => void): void {
  const notification = new Notification(titleOf(note), {
    body: harmless(note.text.slice(0, 300)),
    tag: note.id,
    requireInteraction: note.level === 'alert',
  });
  notification.onclick = () => {
    focus();
    onOpen(note);
    notification.close();
  };
}

function titleOf({ from, computer, level }: PageNote): string {
  const where = computer === undefined ? '' : ` on ${harmlessLine(computer)}`;
  return `${level === 'info' ? '' : `${level.toUpperCase()}: `}${harmlessLine(from)}${where}`;
}
