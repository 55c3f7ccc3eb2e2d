import { MAX_SENDERS_SHOWN } from '../limits.js';

/** What came from one sender. */
export interface SenderStatistics {
  readonly from: string;
  /** `undefined`: this computer. */
  readonly computer: string | undefined;
  readonly shown: number;
  readonly flooded: number;
}

/**
 * What became of everything that came for people. Each is in `received` and one other count; `unsaved` also counts
 * messages that were sent.
 */
export interface MessengerStatistics {
  /** Everything that came to a slot of the messenger. */
  readonly received: number;
  /** Messages that are in the history now, or were. */
  readonly shown: number;
  /** Messages of ours that came back. */
  readonly own: number;
  /** Messages that had been shown before, and receipts that told nothing new. */
  readonly duplicates: number;
  /** Refused by the flood filter: messages, and questions for a name. Receipts never are. */
  readonly flooded: number;
  /** Messages that came after their time to live. */
  readonly expired: number;
  /** What broke a rule, or was not understood. */
  readonly malformed: number;
  /**
   * Messages, received or sent, and receipts that the disk had no room for, or failed to take: this process shows
   * them, and writes them when it does.
   */
  readonly unsaved: number;
  /** Receipts for messages of ours, each of which told something new. */
  readonly receipts: number;
  readonly questions: number;
  /** The latest 64. */
  readonly senders: readonly SenderStatistics[];
}

/** Of what is counted one by one. */
export type Counted = Exclude<keyof MessengerStatistics, 'senders'>;

export class Tally {
  private readonly counts: Record<Counted, number> = {
    received: 0,
    shown: 0,
    own: 0,
    duplicates: 0,
    flooded: 0,
    expired: 0,
    malformed: 0,
    unsaved: 0,
    receipts: 0,
    questions: 0,
  };
  private readonly senders = new Map<string, SenderStatistics>();

  count(what: Counted): void {
    this.counts[what] += 1;
  }

  countOf(computer: string | undefined, from: string, what: 'shown' | 'flooded'): void {
    this.count(what);
    const key = `${computer ?? ''}/${from}`;
    const so = this.senders.get(key) ?? { from, computer, shown: 0, flooded: 0 };
    this.senders.delete(key);
    this.senders.set(key, { ...so, [what]: so[what] + 1 });
    if (this.senders.size > MAX_SENDERS_SHOWN)
      this.senders.delete(this.senders.keys().next().value as string);
  }

  statistics(): MessengerStatistics {
    return { ...this.counts, senders: [...this.senders.values()].reverse() };
  }
}
