import assert from 'node:assert/strict';
import type { MailslotStatistics, WhenFull } from 'mailslot';

/** A message that was handed over. */
export interface Entry {
  readonly data: Buffer;
  /** The number of its client. */
  readonly client: number;
  /** Whether it may also be lost: its client was closed in a hurry. */
  isLost?: boolean;
}

/** What a message is charged beside its bytes. */
const OVERHEAD = 64;

const chargeOf = ({ data }: Entry): number => data.length + OVERHEAD;

/**
 * A slot as plainly as it can be said: a list, and a rule for when it is full.
 *
 * Which of several writers that wait for room gets it first, together with how many of its messages, is up to the
 * slot. From then on only the order of each writer is known, until nobody waits any more.
 */
export class SlotModel {
  readonly capacity: number;
  readonly rule: WhenFull;
  /** What waits, in its order. */
  queue: Entry[] = [];
  /** What waits behind that, or for room, by client, in the order of each. */
  private readonly late = new Map<number, Entry[]>();
  private received = 0;
  private delivered = 0;
  private rejected = 0;
  private oldest = 0;
  private newest = 0;

  constructor(capacity: number, rule: WhenFull) {
    this.capacity = capacity;
    this.rule = rule;
  }

  /** Whether it is known what waits, and in which order. */
  get isExact(): boolean {
    return this.late.size === 0;
  }

  get used(): number {
    return this.queue.reduce((sum, entry) => sum + chargeOf(entry), 0);
  }

  /** Messages that it has decided on, at least. */
  get decided(): number {
    return this.received + this.rejected;
  }

  /** What becomes of a message that is handed over. */
  put(entry: Entry): 'taken' | 'refused' | 'waits' {
    const fits = this.used + chargeOf(entry) <= this.capacity;
    if (this.rule === 'block' && !(this.isExact && fits)) {
      this.late.set(entry.client, [...(this.late.get(entry.client) ?? []), entry]);
      return 'waits';
    }
    if (!fits && this.rule === 'reject') {
      this.rejected += 1;
      return 'refused';
    }
    this.received += 1;
    if (!fits && this.rule === 'drop-newest') {
      this.newest += 1;
      return 'taken';
    }
    for (; this.used + chargeOf(entry) > this.capacity; this.oldest += 1) this.queue.shift();
    this.queue.push(entry);
    return 'taken';
  }

  /** A message was read: it must be the one that is due. */
  took(data: Uint8Array): void {
    this.delivered += 1;
    const due = this.queue.shift();
    if (due) assert.ok(due.data.equals(data), `${shown(data)} was read where ${shown(due.data)} was due`);
    else this.tookLate(data);
  }

  /** Its client goes without waiting: what it handed over may arrive or not. */
  hurries(client: number): void {
    for (const entry of this.late.get(client) ?? []) entry.isLost = true;
  }

  /** Whether messages of this client wait for room, or may. */
  isLate(client: number): boolean {
    return this.late.has(client);
  }

  /** Messages that must still come, of writers that wait. */
  get expected(): number {
    return [...this.late.values()].flat().filter(({ isLost }) => !isLost).length;
  }

  compare({ received, delivered, rejected, dropped }: MailslotStatistics): void {
    if (!this.isExact) return;
    const { oldest, newest } = dropped;
    assert.deepEqual(
      { received, delivered, rejected, oldest, newest },
      {
        received: this.received,
        delivered: this.delivered,
        rejected: this.rejected,
        oldest: this.oldest,
        newest: this.newest,
      },
    );
  }

  private tookLate(data: Uint8Array): void {
    for (const [client, entries] of this.late) {
      const at = entries.findIndex((entry) => !entry.isLost);
      const found = entries
        .slice(0, at < 0 ? entries.length : at + 1)
        .findIndex((each) => each.data.equals(data));
      if (found < 0) continue;
      entries.splice(0, found + 1);
      this.received += 1;
      if (entries.length === 0) this.late.delete(client);
      return;
    }
    assert.fail(`${shown(data)} was read, which nobody wrote, or not yet`);
  }

  /** Everything was read, and everybody has gone. */
  emptied(): void {
    assert.deepEqual([this.queue.length, this.expected], [0, 0], 'messages were lost');
    this.late.clear();
  }
}

function shown(data: Uint8Array): string {
  return `${Buffer.from(data.subarray(0, 16)).toString('hex')} (${data.length} bytes)`;
}
