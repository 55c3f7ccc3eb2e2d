import type { Conversation } from '@mailslot/web/api';
import { expiryOf, unreadAlerts } from '../messenger/unread-alerts.js';
import { ALERTS_MAX, CONVERSATIONS_MAX, NOTES_MAX, SUMMARIZED_NOTES_MAX, UNREAD_MAX } from './limits.js';
import type { Note, PageMessenger } from './messenger.js';
import { partnerOf, Summary } from './summary.js';

/** The conversations and what is unread in them, and the alerts that nobody has confirmed. */
export class Overview {
  readonly #history: PageMessenger['history'];
  readonly #summaries = new Map<string, Summary>();
  readonly #alerts = new Map<string, Note>();
  #changed = new Set<Summary>();
  #alertsChanged = false;
  /** The history has alerts that there was no room for. */
  #hasMoreAlerts = false;

  constructor(history: PageMessenger['history']) {
    this.#history = history;
    this.#readHistory();
    this.#refillAlerts();
    this.takeChanges();
  }

  #readHistory(): void {
    let before: string | undefined;
    for (let seen = 0; seen < SUMMARIZED_NOTES_MAX; seen += NOTES_MAX) {
      const notes = this.#history.notes({ limit: NOTES_MAX, ...(before !== undefined && { before }) });
      for (const note of notes) this.see(note);
      if (notes.length < NOTES_MAX) return;
      before = oldestOf(notes).id;
    }
  }

  /** A note is there, or has changed. */
  see(note: Note): void {
    const summary = this.#summaryOf(note);
    summary.see(note);
    if (summary.hasLostCount) this.#recount(summary);
    this.#changed.add(summary);
    if (note.level === 'alert' && !note.isOwn) this.#seeAlert(note);
  }

  /** The history forgets its oldest notes without a word, unread ones too: looks again. */
  recount(name: string): void {
    const summary = this.#summaries.get(name);
    if (summary !== undefined) this.#recount(summary);
  }

  #recount(summary: Summary): void {
    const limit = UNREAD_MAX + 1;
    summary.recount(this.#history.notes({ with: summary.name, unreadOnly: true, limit }));
    this.#changed.add(summary);
  }

  /** Somebody has confirmed it, be it in the history still or not. */
  dropAlert(id: string): void {
    if (!this.#alerts.delete(id)) return;
    this.#alertsChanged = true;
    this.#refillIfFew();
  }

  /** Not for each one: the whole history is looked through. */
  #refillIfFew(): void {
    if (this.#hasMoreAlerts && this.#alerts.size <= ALERTS_MAX / 2) this.#refillAlerts();
  }

  /** Nobody has to confirm what is of no use any more. Whether there was such an alert. */
  dropExpired(now: number): boolean {
    const expired = [...this.#alerts.values()].filter((note) => expiryOf(note) <= now);
    if (expired.length === 0) return false;
    for (const { id } of expired) this.#alerts.delete(id);
    this.#alertsChanged = true;
    this.#refillIfFew();
    return true;
  }

  #refillAlerts(): void {
    const waiting = unreadAlerts(this.#history, Date.now(), ALERTS_MAX + 1);
    this.#hasMoreAlerts = waiting.length > ALERTS_MAX;
    this.#alerts.clear();
    for (const note of waiting.slice(0, ALERTS_MAX)) this.#alerts.set(note.id, note);
  }

  #seeAlert(note: Note): void {
    if (note.isRead) this.dropAlert(note.id);
    if (note.isRead || expiryOf(note) <= Date.now()) return;
    if (!this.#alerts.has(note.id) && this.#alerts.size >= ALERTS_MAX) {
      this.#hasMoreAlerts = true;
      return;
    }
    this.#alerts.set(note.id, note);
    this.#alertsChanged = true;
  }

  #summaryOf(note: Note): Summary {
    const name = partnerOf(note);
    let summary = this.#summaries.get(name);
    if (summary === undefined) {
      summary = new Summary(note);
      this.#summaries.set(name, summary);
      if (this.#summaries.size > CONVERSATIONS_MAX) this.#forgetOldest();
    }
    return summary;
  }

  /** Names cost their sender nothing; the notes themselves stay in the history and are found by a search. */
  #forgetOldest(): void {
    const oldest = Array.from(this.#summaries.values()).reduce((one, other) =>
      other.time < one.time ? other : one,
    );
    this.#summaries.delete(oldest.name);
    this.#changed.delete(oldest);
  }

  /** The latest first. */
  conversations(): Conversation[] {
    return Array.from(this.#summaries.values(), (summary) => summary.conversation()).sort(
      (one, other) => other.time - one.time,
    );
  }

  /** The oldest first. */
  alerts(): Note[] {
    return [...this.#alerts.values()].sort((one, other) => one.receivedAt - other.receivedAt);
  }

  /** What is new since this was asked last. */
  takeChanges(): { conversations: Conversation[]; alerts: Note[] | undefined } {
    const conversations = Array.from(this.#changed, (summary) => summary.conversation());
    const alerts = this.#alertsChanged ? this.alerts() : undefined;
    this.#changed = new Set();
    this.#alertsChanged = false;
    return { conversations, alerts };
  }
}

function oldestOf(notes: readonly Note[]): Note {
  return notes.reduce((one, other) => (other.receivedAt < one.receivedAt ? other : one));
}
