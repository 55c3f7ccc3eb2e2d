// A process that reads one slot, of which messages may be lost on their way.
import { type ContestantName, loadContestant } from '../contestants/all.js';
import type { Place, Receiver } from '../contestants/contestant.js';
import { type Settled, Tally } from '../tally.js';
import { serve } from './duties.js';
import { cpuMicros } from './usage.js';

export interface Collecting {
  readonly contestant: ContestantName;
  readonly place: Place;
  readonly slot: string;
  readonly size: number;
}

export type CollectorDuties = {
  collect(collecting: Collecting): Promise<void>;
  /** Waits until so many messages have come since the beginning, or no more do. */
  settled(messages: number): Promise<Settled>;
  /** When each of the first messages came, in nanoseconds; 0: it did not. */
  arrivals(count: number): Float64Array;
  usage(nothing: undefined): number;
  close(nothing: undefined): Promise<void>;
};

let tally: Tally | undefined;
let receiver: Receiver | undefined;

const duties: CollectorDuties = {
  async collect({ contestant, place, slot, size }) {
    const ends = await loadContestant(contestant);
    tally = new Tally(size);
    receiver = await ends.receive({ ...place, relatives: [] }, slot, tally.onMessage);
  },

  settled: (messages) => collected().settled(messages),

  arrivals: (count) => collected().arrivals(count),

  usage: cpuMicros,

  async close() {
    await receiver?.close();
  },
};

serve(duties);

function collected(): Tally {
  if (tally === undefined) throw new Error('nothing is collected yet');
  return tally;
}
