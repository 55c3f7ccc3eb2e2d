import type { Note } from 'mailslot/messenger';
import { senderOf } from '../messenger/note-text.js';

/** How one message is shown: resolves when it is off the screen, with whether a person confirmed it. */
export type Show = (popup: Popup, signal: AbortSignal) => Promise<'confirmed' | 'shown'>;

/** What a pop-up says; harmless already, and short. */
export interface Popup {
  readonly title: string;
  readonly text: string;
  readonly isUrgent: boolean;
  /** Stays until somebody confirms it. */
  readonly isAlert: boolean;
}

/** What a person takes in at a glance. */
const TEXT_SHOWN = 400;

/** A message as a pop-up. */
export function popupOf(note: Note): Popup {
  const { to, level, isNotice } = note;
  const addressee = to === '*' ? ' to everybody' : '';
  return {
    title: isNotice ? 'Mailslot' : plain(`${senderOf(note)}${addressee}`),
    text: plain(note.text),
    isUrgent: level !== 'info',
    isAlert: level === 'alert',
  };
}

/** Several messages that came while another one was shown. */
export function popupOfMany(notes: readonly Note[]): Popup {
  const senders = [...new Set(notes.map(senderOf))];
  const named = senders.slice(0, 5).join(', ');
  return {
    title: `${notes.length} messages`,
    text: plain(`from ${named}${senders.length > 5 ? ' and others' : ''}`),
    isUrgent: notes.some(({ level }) => level !== 'info'),
    isAlert: false,
  };
}

/** Line breaks are shown; nothing that would change the direction, the title bar or a terminal is left. */
function plain(text: string): string {
  const shown = text.slice(0, TEXT_SHOWN).replace(/\r\n?/g, '\n');
  const harmless = shown.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·');
  return text.length > TEXT_SHOWN ? `${harmless} …` : harmless;
}
