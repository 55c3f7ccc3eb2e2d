import type { Bench } from '../bench.js';
import type { ContestantName } from '../contestants/all.js';
import type { Place } from '../contestants/contestant.js';
import type { CollectorDuties } from '../processes/collector.js';
import type { RedirectorDuties } from '../processes/redirector.js';
import { Worker } from '../processes/worker.js';
import type { WriterDuties } from '../processes/writer.js';

/** Who brings messages over, and of how many bytes. */
export interface Run {
  readonly contestant: ContestantName;
  readonly size: number;
}

/** Where a process of a run is. */
interface Post {
  readonly place: Place;
  /** In front of its command. */
  readonly through?: readonly string[];
  /** Carries its messages, if they go through one. */
  readonly redirector?: Worker<RedirectorDuties>;
}

/** Who writes is at the first. */
export type Posts = readonly [Post, Post];

/** One who writes and one who reads what comes. */
export interface Ends {
  readonly sender: Worker<WriterDuties>;
  readonly collector: Worker<CollectorDuties>;
}

/** Starts one process at each post and connects them, and ends them. */
export async function withEnds<T>(
  bench: Bench,
  [here, there]: Posts,
  { contestant, size }: Run,
  use: (ends: Ends) => Promise<T>,
): Promise<T> {
  const slot = bench.newSlot();
  const sender = new Worker<WriterDuties>(new URL('../processes/writer.js', import.meta.url), here);
  const collector = new Worker<CollectorDuties>(new URL('../processes/collector.js', import.meta.url), there);
  try {
    await collector.ask('collect', { contestant, place: there.place, slot, size });
    await sender.ask('open', { contestant, place: here.place, size, ends: [{ slot, writer: 0 }] });
    const result = await use({ sender, collector });
    await sender.ask('close', undefined);
    await collector.ask('close', undefined);
    return result;
  } finally {
    await Promise.all([sender.stop(), collector.stop()]);
  }
}
