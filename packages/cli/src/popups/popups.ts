import { setTimeout as wait } from 'node:timers/promises';
import type { Note } from 'mailslot/messenger';
import { expiryOf } from '../messenger/unread-alerts.js';
import { inWords } from '../terminal/system-words.js';
import { type Popup, popupOf, popupOfMany, type Show } from './popup.js';

/** Alerts on the screen at once; more wait for one of them to be confirmed. */
const ALERTS_SHOWN = 4;

/** The longest delay of a timer; longer ones fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Messages and alerts that wait to be shown; of more the oldest are left to the inbox. */
export const WAITING = 100;

/** Between two pop-ups. What comes meanwhile is shown as one. */
const PAUSE_MS = 2000;

export interface PopupsOptions {
  /** The desktop, or what takes its place. */
  readonly show: Show;
  /** What is used from then on when the desktop fails. */
  readonly instead: Show;
  /** Whether only alerts are shown now. */
  readonly isQuiet: () => boolean;
  /** A person has seen it. What it throws, as when the disk fails, is told and ends nothing. */
  readonly confirm: (id: string) => void;
  /** Says what went wrong. */
  readonly warn: (text: string) => void;
  readonly pauseMs?: number;
}

/** Shows messages as they come: one at a time, those that come too fast together, each alert until it is confirmed or expires. */
export class Popups {
  readonly #options: PopupsOptions;
  readonly #end = new AbortController();
  readonly #alerts = new Map<string, AbortController>();
  #show: Show;
  #messages: Note[] = [];
  #waitingAlerts: Note[] = [];
  #isShowing = false;

  constructor(options: PopupsOptions) {
    this.#options = options;
    this.#show = options.show;
  }

  /** A message has come. */
  see(note: Note): void {
    if (note.isOwn || note.isRead || this.#end.signal.aborted) return;
    if (note.level === 'alert') {
      this.#waitingAlerts = [...this.#waitingAlerts, note].slice(-WAITING);
      this.#showAlerts();
    } else if (!this.#options.isQuiet()) {
      this.#messages = [...this.#messages, note].slice(-WAITING);
      if (!this.#isShowing) void this.#showMessages();
    }
  }

  /** It was confirmed elsewhere: by the page, or by `mailslot inbox read`. */
  confirmed(id: string): void {
    this.#waitingAlerts = this.#waitingAlerts.filter((note) => note.id !== id);
    this.#messages = this.#messages.filter((note) => note.id !== id);
    this.#alerts.get(id)?.abort();
  }

  close(): void {
    this.#end.abort();
    for (const shown of this.#alerts.values()) shown.abort();
  }

  async #showMessages(): Promise<void> {
    this.#isShowing = true;
    while (this.#messages.length > 0 && !this.#end.signal.aborted) {
      const notes = this.#messages;
      this.#messages = [];
      const [first] = notes;
      const popup = notes.length === 1 && first !== undefined ? popupOf(first) : popupOfMany(notes);
      await this.#pop(popup, this.#end.signal);
      await this.#pause();
    }
    this.#isShowing = false;
  }

  /** Ends early with all else. */
  async #pause(): Promise<void> {
    try {
      await wait(this.#options.pauseMs ?? PAUSE_MS, undefined, { signal: this.#end.signal });
    } catch {
      // The loop looks whether it is the end.
    }
  }

  #showAlerts(): void {
    while (this.#alerts.size < ALERTS_SHOWN) {
      const note = this.#waitingAlerts.shift();
      if (note === undefined) return;
      const left = expiryOf(note) - Date.now();
      if (left <= 0) continue;
      const shown = new AbortController();
      this.#alerts.set(note.id, shown);
      const expiry = left > LONGEST_MS ? undefined : setTimeout(() => shown.abort(), left);
      void this.#pop(popupOf(note), shown.signal).then((outcome) => {
        clearTimeout(expiry);
        this.#alerts.delete(note.id);
        if (outcome === 'confirmed') this.#confirm(note.id);
        this.#showAlerts();
      });
    }
  }

  #confirm(id: string): void {
    const { confirm, warn } = this.#options;
    try {
      confirm(id);
    } catch (error) {
      warn(inWords(`confirmed, but that could not be kept: ${(error as Error).message}`));
    }
  }

  async #pop(popup: Popup, signal: AbortSignal): Promise<'confirmed' | 'shown'> {
    const show = this.#show;
    try {
      return await show(popup, signal);
    } catch {
      if (signal.aborted || show === this.#options.instead) return 'shown';
      this.#show = this.#options.instead;
      return this.#pop(popup, signal);
    }
  }
}
