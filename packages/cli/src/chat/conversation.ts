import { EVERYBODY, type Messenger, type Note } from 'mailslot/messenger';
import { noteLines } from '../messenger/note-text.js';
import { escapeSentence } from '../terminal/escape.js';
import { inWords } from '../terminal/system-words.js';

/** Messages of before that are shown when a conversation begins. */
const SHOWN_FIRST = 10;

/** What may wait for a terminal that takes it slowly; what comes beyond is in the inbox. */
const WAITING_BYTES = 1024 * 1024;

/** Where a conversation is shown. */
export interface Display {
  /** Bytes that the terminal has not taken yet. */
  readonly waiting: number;
  print(lines: readonly string[]): void;
}

/** What is said with everybody or one name, and what a person at the terminal does about it. */
export class Conversation {
  readonly #messenger: Messenger;
  readonly #to: string;
  readonly #display: Display;
  /** Shown, and not confirmed yet. */
  readonly #messages = new Set<string>();
  readonly #alerts = new Set<string>();
  #stop = (): void => {};
  #sending: Promise<void> = Promise.resolve();
  #unshown = 0;

  constructor(messenger: Messenger, to: string, display: Display) {
    this.#messenger = messenger;
    this.#to = to;
    this.#display = display;
  }

  /** Shows what was said before, and from now on what comes. */
  begin(headline: string): void {
    const { history } = this.#messenger;
    // Those of one computer are not kept together: they are looked for among all of the latest.
    const before = history.notes({ limit: 1000 }).filter((note) => this.#belongs(note));
    for (const note of before.slice(-SHOWN_FIRST)) this.#show(note);
    this.remark(headline);
    this.#stop = this.#messenger.onNote((note) => {
      if (this.#belongs(note) || note.level === 'alert') this.#show(note);
    });
  }

  /** Says something that nobody sent. */
  remark(text: string): void {
    this.#display.print([`-- ${escapeSentence(text)}`]);
  }

  /** Sends a message; one that cannot be sent is told. Each waits for the one before, so that their order stays. */
  send(text: string): void {
    // What Node makes of bytes that are no UTF-8.
    if (text.includes('\ufffd')) {
      this.remark('not sent: what the terminal wrote is not UTF-8; set it to UTF-8, and start chat again');
      return;
    }
    this.#sending = this.#sending.then(async () => {
      try {
        await this.#messenger.send(this.#to, text);
      } catch (error) {
        this.remark(`not sent: ${inWords((error as Error).message)}`);
      }
    });
  }

  /** Somebody is at the keyboard, who has seen what is on the screen. Alerts ask for more. */
  seen(): void {
    if (this.#messages.size > 0) this.#confirm(this.#messages);
  }

  confirmAlerts(): void {
    if (this.#alerts.size > 0) this.#confirm(this.#alerts);
  }

  /** What was sent last is on its way. */
  async close(): Promise<void> {
    this.#stop();
    await this.#sending;
  }

  #confirm(ids: Set<string>): void {
    const all = [...ids];
    ids.clear();
    try {
      this.#messenger.history.markRead(...all);
    } catch (error) {
      this.remark(inWords((error as Error).message));
    }
  }

  #belongs(note: Note): boolean {
    const { from, computer, to, isOwn, isNotice } = note;
    if (isNotice) return true;
    if (this.#to === EVERYBODY || to === EVERYBODY) return to === this.#to;
    return isOwn ? to === this.#to : from === this.#to || computer === this.#to;
  }

  #show(note: Note): void {
    if (this.#display.waiting > WAITING_BYTES) {
      this.#unshown += 1;
      return;
    }
    if (this.#unshown > 0) this.remark(`${this.#unshown} more are in the inbox`);
    this.#unshown = 0;
    this.#display.print(noteLines(note));
    if (note.isRead) return;
    (note.level === 'alert' ? this.#alerts : this.#messages).add(note.id);
    if (note.level === 'alert') this.remark('Enter on an empty line confirms it');
  }
}
