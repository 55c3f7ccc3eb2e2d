// A process that writes; asked by the one that reads.
import { type ContestantName, loadContestant } from '../contestants/all.js';
import type { Place, Sender } from '../contestants/contestant.js';
import { Bodies } from '../messages.js';
import { now } from '../verifier.js';
import { parent, serve } from './duties.js';
import { cpuMicros } from './usage.js';

/** Which connections to open. */
export interface Opening {
  readonly contestant: ContestantName;
  readonly place: Place;
  /** Bytes of a message. */
  readonly size: number;
  /** One connection for each: where to, and under which number it writes. */
  readonly ends: readonly WriterEnd[];
}

export interface WriterEnd {
  readonly slot: string;
  readonly writer: number;
}

export interface Sent {
  /** When the first message was handed over, in nanoseconds. */
  readonly began: number;
  /** Sum of the check bytes of all messages so far. */
  readonly sum: number;
}

interface Connection {
  readonly sender: Sender;
  readonly bodies: Bodies;
}

/** Of visits, that are not measured. */
const WARM_UP_SHARE = 0.25;

const connections: Connection[] = [];

export type WriterDuties = {
  open(opening: Opening): Promise<void>;
  /** Sends that many messages on each connection, as fast as it takes them. */
  send(count: number): Promise<Sent>;
  /** Sends that many messages, one each `everyMs` milliseconds; returns when, in nanoseconds. */
  pace(plan: { count: number; everyMs: number }): Promise<number[]>;
  /** Opens each connection, sends one message and closes it, one after the other; says what one of the later ones took on average. */
  visit(opening: Opening): Promise<{ micros: number; sum: number }>;
  /** Microseconds of CPU that this process has used. */
  usage(nothing: undefined): number;
  close(nothing: undefined): Promise<void>;
};

const duties: WriterDuties = {
  async open(opening) {
    for (const end of opening.ends) connections.push(await connectionTo(end, opening));
  },

  async send(count) {
    const began = now();
    const [first] = connections;
    if (connections.length === 1 && first !== undefined) await sendOn(first, count);
    else await sendInTurn(count);
    await Promise.all(connections.map(({ sender }) => sender.flush()));
    return { began, sum: sumOfChecks() };
  },

  async pace({ count, everyMs }) {
    const { sender, bodies } = connections[0] as Connection;
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const ticks = setInterval(() => {
        const body = bodies.take();
        times.push(now());
        void sender.send(body);
        void sender.flush();
        if (times.length < count) return;
        clearInterval(ticks);
        resolve();
      }, everyMs);
    });
    return times;
  },

  async visit(opening) {
    const warmUp = Math.floor(opening.ends.length * WARM_UP_SHARE);
    let began = now();
    let sum = 0;
    for (const [at, end] of opening.ends.entries()) {
      if (at === warmUp) began = now();
      const { sender, bodies } = await connectionTo(end, opening);
      await sender.send(bodies.take());
      await sender.flush();
      await sender.close();
      sum += bodies.sum;
    }
    return { micros: (now() - began) / 1000 / (opening.ends.length - warmUp), sum };
  },

  usage: cpuMicros,

  async close() {
    await Promise.all(connections.map(({ sender }) => sender.close()));
  },
};

serve(duties);

async function connectionTo({ slot, writer }: WriterEnd, opening: Opening): Promise<Connection> {
  const { contestant, place, size } = opening;
  const sender = await (await loadContestant(contestant)).open({ ...place, relatives: [parent] }, slot);
  return { sender, bodies: new Bodies(writer, size) };
}

async function sendOn({ sender, bodies }: Connection, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    const wait = sender.send(bodies.take());
    if (wait !== undefined) await wait;
  }
}

async function sendInTurn(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    for (const { sender, bodies } of connections) {
      const wait = sender.send(bodies.take());
      if (wait !== undefined) await wait;
    }
  }
}

function sumOfChecks(): number {
  return connections.reduce((sum, { bodies }) => sum + bodies.sum, 0);
}
