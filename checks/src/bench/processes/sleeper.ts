// A process whose slot fills and is not read, or only little.
import { setTimeout as pause } from 'node:timers/promises';
import { createMailslot, type Mailslot } from 'mailslot';
import type { Place } from '../contestants/contestant.js';
import { rootOf } from '../contestants/mailslot.js';
import { Verifier } from '../verifier.js';
import { type Crew, withCrew } from './crew.js';
import { serve } from './duties.js';

export interface Filling {
  readonly place: Place;
  readonly slot: string;
  readonly size: number;
  /** Whether each message is awaited before the next is written, or many leave together. */
  readonly pace: 'packed' | 'one by one';
}

export interface Depth {
  readonly place: Place;
  readonly slot: string;
  /** Messages that wait while one is read. */
  readonly waiting: number;
  /** How often some are read, and as many come behind. */
  readonly turns: number;
}

export type SleeperDuties = {
  /** By how much the process grows while its queue fills to the default bound, as a multiple of that bound. */
  fill(filling: Filling): Promise<number>;
  /** What one `tryRead` takes in each turn, in microseconds. */
  readAt(depth: Depth): Promise<number[]>;
};

const BOUND = 64 << 20;
/** What a message is charged beside its bytes. */
const OVERHEAD = 64;
const DEEP_SIZE = 64;
const READS_A_TURN = 10;

const duties: SleeperDuties = {
  fill({ place, slot: name, size, pace }) {
    const contestant = pace === 'packed' ? 'mailslot' : 'mailslot-one-by-one';
    const spec = { contestant, place, slot: name, size, writers: 1, connections: 1 } as const;
    return withCrew(spec, async (crew) => {
      const slot = await createMailslot(name, { root: rootOf(place), queue: { bytes: BOUND } });
      await crew.open();
      const messages = Math.floor(BOUND / (size + OVERHEAD));
      const before = process.memoryUsage.rss();
      const { sum } = await crew.send(messages);
      await holds(slot, messages);
      const growth = process.memoryUsage.rss() - before;
      const verifier = new Verifier(size, 1);
      readSome(slot, messages, verifier);
      verifier.compare(sum);
      await crew.close();
      await slot.close();
      return growth / BOUND;
    });
  },

  readAt({ place, slot: name, waiting, turns }) {
    const spec = {
      contestant: 'mailslot',
      place,
      slot: name,
      size: DEEP_SIZE,
      writers: 1,
      connections: 1,
    } as const;
    return withCrew(spec, async (crew) => {
      const bytes = (waiting + READS_A_TURN) * (DEEP_SIZE + OVERHEAD);
      const slot = await createMailslot(name, { root: rootOf(place), queue: { bytes } });
      await crew.open();
      const times = await readInTurns(slot, crew, waiting, turns);
      await crew.close();
      await slot.close();
      return times;
    });
  },
};

serve(duties);

async function readInTurns(slot: Mailslot, crew: Crew, waiting: number, turns: number): Promise<number[]> {
  const verifier = new Verifier(DEEP_SIZE, 1);
  const times: number[] = [];
  let { sum } = await crew.send(waiting);
  for (let turn = 0; turn < turns; turn += 1) {
    await holds(slot, waiting);
    const began = performance.now();
    readSome(slot, READS_A_TURN, verifier);
    times.push(((performance.now() - began) * 1000) / READS_A_TURN);
    ({ sum } = await crew.send(READS_A_TURN));
  }
  await holds(slot, waiting);
  readSome(slot, waiting, verifier);
  verifier.compare(sum);
  return times;
}

function readSome(slot: Mailslot, messages: number, { onMessage }: Verifier): void {
  for (let read = 0; read < messages; read += 1) {
    const message = slot.tryRead();
    if (message === undefined) throw new Error(`only ${read} of ${messages} messages were in the queue`);
    onMessage(message.data, 0, message.size);
  }
}

async function holds(slot: Mailslot, messages: number): Promise<void> {
  while (slot.info().messageCount < messages) await pause(1);
}
