import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createMailslot, type Mailslot, type MailslotClient, openMailslot, type WhenFull } from 'mailslot';
import type { Dice } from '../dice.js';
import { type Entry, SlotModel } from './model.js';

export const NAME = 'fuzz/api';

/** Turns of the event loop in which what was sent must have arrived. */
const TURNS_MAX = 20_000;
const RULES: readonly WhenFull[] = ['block', 'reject', 'drop-newest', 'drop-oldest'];
const PENDING_READ_MS = 10_000;

/** One of the clients that are open. */
export interface Writer {
  readonly number: number;
  readonly client: MailslotClient;
  /** Of its posts so many were refused, which its `close` must say. */
  refused: number;
}

/** A write that waits for room. */
interface Pending {
  readonly writer: Writer;
  readonly promise: Promise<unknown>;
  /** Whether it may fail: by a signal, or since its client is gone. */
  mayFail: boolean;
}

/** A slot and its clients, beside the model of what must become of what they are told to do. */
export class ApiScene {
  readonly root: string;
  readonly dice: Dice;
  slot: Mailslot | undefined;
  model: SlotModel = new SlotModel(0, 'block');
  writers: Writer[] = [];
  readonly pending: Pending[] = [];
  limit = 0;
  private made = 0;
  private opened = 0;

  constructor(root: string, dice: Dice) {
    this.root = root;
    this.dice = dice;
  }

  async create(): Promise<void> {
    const whenFull = RULES[this.dice(RULES.length)] as WhenFull;
    const bytes = 100 + this.dice(this.dice(3) === 0 ? 60_000 : 1_000);
    this.slot = await createMailslot(NAME, { root: this.root, queue: { bytes, whenFull } });
    this.model = new SlotModel(bytes, whenFull);
    this.limit = bytes - 64;
  }

  async open(): Promise<void> {
    const client = await openMailslot(NAME, { root: this.root });
    this.opened += 1;
    this.writers.push({ number: this.opened, client, refused: 0 });
  }

  /** Any of the clients. */
  writer(): Writer | undefined {
    return this.writers[this.dice(this.writers.length)];
  }

  /** A message of `writer` that is not like another one, unless it is too short for a number. */
  message(writer: Writer): Entry {
    // Messages of writers that wait must be told from each other.
    const least = this.model.rule === 'block' ? 8 : 0;
    const sizes = [30, 200, this.limit + 1, 20_000];
    const most = Math.min(this.limit + 1, sizes[this.dice(sizes.length)] as number);
    const data = Buffer.alloc(least + this.dice(Math.max(1, most - least)), 'x');
    this.made += 1;
    if (data.length >= 8) data.writeDoubleLE(this.made);
    return { data, client: writer.number };
  }

  /** Holds a write that may have to wait against what the model says. */
  wait(writer: Writer, promise: Promise<unknown>): Pending {
    const pending = { writer, promise, mayFail: false };
    promise.catch(() => {});
    this.pending.push(pending);
    return pending;
  }

  /** Resolves when the slot has decided on what it must have. */
  async settle(): Promise<void> {
    for (let turns = 0; this.slot; turns += 1) {
      const { received, rejected } = this.slot.statistics();
      if (received + rejected >= this.model.decided) return;
      assert.ok(turns < TURNS_MAX, `only ${received} messages arrived`);
      await turn();
    }
  }

  /** Reads all that waits, and all that waits for room; every write is done then. */
  async drain(): Promise<void> {
    const { slot, model } = this;
    if (!slot) return;
    while (model.queue.length + model.expected > 0)
      model.took((await slot.read({ timeout: PENDING_READ_MS })).data);
    await this.settlePending();
    model.compare(slot.statistics());
  }

  /** Every write that waited is done, as it should be. */
  async settlePending(): Promise<void> {
    for (const { promise, mayFail } of this.pending.splice(0)) {
      if (mayFail) await promise.catch(() => {});
      else await promise;
    }
  }
}
