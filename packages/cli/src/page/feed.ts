import type { ServerResponse } from 'node:http';
import type { Change, PageNote } from '@mailslot/web/api';
import { Changes } from './changes.js';
import { NAMES_MS, STREAM_BYTES_MAX, TOGETHER_MS } from './limits.js';
import type { Note, PageMessenger, PageNetwork } from './messenger.js';
import { Overview } from './overview.js';
import { Streams } from './streams.js';
import { partnerOf } from './summary.js';

/** Follows the messenger and the network, and tells the pages what changes. */
export class Feed {
  readonly #messenger: PageMessenger;
  readonly #network: PageNetwork;
  readonly overview: Overview;
  readonly #changes = new Changes();
  readonly #streams = new Streams();
  readonly #unfollow: readonly (() => void)[];
  #notes = new Map<string, PageNote>();
  #pendingUnits = 0;
  #isOtherNetwork = false;
  #names: string;
  readonly #checking = setInterval(() => this.#check(), NAMES_MS).unref();
  #flushing: NodeJS.Timeout | undefined;

  constructor(messenger: PageMessenger, network: PageNetwork) {
    this.#messenger = messenger;
    this.#network = network;
    this.#names = JSON.stringify(messenger.names());
    this.overview = new Overview(messenger.history);
    this.#unfollow = [
      messenger.onNote((note) => this.#see(note)),
      messenger.onChange((note) => this.#see(note)),
      network.onChange(() => {
        this.#isOtherNetwork = true;
        this.#flushSoon();
      }),
    ];
  }

  #see(note: Note): void {
    this.overview.see(note);
    this.#notes.set(note.id, pageNote(note));
    this.#pendingUnits += note.text.length;
    // A change that no page has room for would cut them all off.
    if (this.#pendingUnits > STREAM_BYTES_MAX / 8) this.#flush();
    else this.#flushSoon();
  }

  #flushSoon(): void {
    this.#flushing ??= setTimeout(() => this.#flush(), TOGETHER_MS);
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    this.#publish(this.#takeChange());
  }

  /** What somebody has read: all with that name. */
  haveRead(name: string): void {
    this.overview.recount(name);
    this.#flushSoon();
  }

  haveConfirmed(ids: readonly string[]): void {
    for (const id of ids) this.overview.dropAlert(id);
    this.#flushSoon();
  }

  /** What changes without a word. */
  #check(): void {
    this.checkNames();
    try {
      if (this.overview.dropExpired(Date.now())) this.#flush();
    } catch {
      // The history cannot be read just now: what has expired is off the page, and the next look goes on.
      this.#flush();
    }
  }

  /** Names change when somebody asks for it, here or in another process. */
  checkNames(): void {
    const names = JSON.stringify(this.#messenger.names());
    const { computer } = this.#messenger;
    if (names !== this.#names) this.#publish({ names: this.#messenger.names(), computer });
    this.#names = names;
  }

  #takeChange(): Change {
    const { conversations, alerts } = this.overview.takeChanges();
    const notes = [...this.#notes.values()];
    const computers = this.#isOtherNetwork ? this.#network.computers() : undefined;
    this.#notes = new Map();
    this.#pendingUnits = 0;
    this.#isOtherNetwork = false;
    return {
      ...(notes.length > 0 && { notes }),
      ...(conversations.length > 0 && { conversations }),
      ...(alerts && { alerts: alerts.map(pageNote) }),
      ...(computers && { computers, domain: this.#network.domain }),
    };
  }

  #publish(change: Change): void {
    this.#streams.send(this.#changes.add(change));
  }

  /** The last change that a state asked for now has in it. */
  get sequence(): number {
    return this.#changes.sequence;
  }

  /** Tells this page what happened after that change, from now on. `undefined`: it comes from another run. */
  follow(response: ServerResponse, after: number | undefined): void {
    const missed = after === undefined ? undefined : this.#changes.after(after);
    this.#streams.add(response, missed ?? ['event: gap\ndata: {}\n\n']);
  }

  close(): void {
    for (const unfollow of this.#unfollow) unfollow();
    clearTimeout(this.#flushing);
    clearInterval(this.#checking);
    this.#streams.close();
  }
}

export function pageNote(note: Note): PageNote {
  const { id, from, computer, authenticated, to, text, level, time, receivedAt } = note;
  const { isOwn, isRead, isNotice, receipts } = note;
  const told = { id, from, computer, authenticated, to, text, level, time, receivedAt };
  return { ...told, isOwn, isRead, isNotice, receipts, with: partnerOf(note) };
}
