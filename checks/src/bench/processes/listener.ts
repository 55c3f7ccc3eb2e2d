// A process that reads from several slots.
import { type ContestantName, loadContestant } from '../contestants/all.js';
import type { Place, Receiver } from '../contestants/contestant.js';
import { Verifier } from '../verifier.js';
import { serve } from './duties.js';
import { cpuMicros } from './usage.js';

export interface Listening {
  readonly contestant: ContestantName;
  readonly place: Place;
  /** One receiver for each; a slot may be named several times where one send reaches all. */
  readonly slots: readonly string[];
  readonly size: number;
}

export type ListenerDuties = {
  listen(listening: Listening): Promise<void>;
  /** Waits until each receiver has that many messages: when, in nanoseconds, and the sum of all check bytes. */
  reached(messages: number): Promise<{ ended: number; sum: number }>;
  usage(nothing: undefined): number;
  close(nothing: undefined): Promise<void>;
};

const verifiers: Verifier[] = [];
const receivers: Receiver[] = [];

const duties: ListenerDuties = {
  async listen({ contestant, place, slots, size }) {
    const { receive } = await loadContestant(contestant);
    for (const slot of slots) {
      const verifier = new Verifier(size, 1);
      verifiers.push(verifier);
      receivers.push(await receive({ ...place, relatives: [] }, slot, verifier.onMessage));
    }
  },

  async reached(messages) {
    const times = await Promise.all(verifiers.map((verifier) => verifier.reached(messages)));
    return { ended: Math.max(...times), sum: verifiers.reduce((total, { sum }) => total + sum, 0) };
  },

  usage: cpuMicros,

  async close() {
    await Promise.all(receivers.map((receiver) => receiver.close()));
  },
};

serve(duties);
