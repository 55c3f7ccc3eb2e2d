import { type ContestantName, contestantNamed } from '../contestants/all.js';
import type { Place, Relative } from '../contestants/contestant.js';
import { Worker, withWorkers } from './worker.js';
import type { Opening, WriterDuties } from './writer.js';

/** Who writes where, and how many of them. */
export interface CrewSpec {
  readonly contestant: ContestantName;
  readonly place: Place;
  readonly slot: string;
  /** Bytes of a message. */
  readonly size: number;
  /** Processes that write. */
  readonly writers: number;
  /** Connections of all of them together. */
  readonly connections: number;
}

/** The processes that write, as their reader sees them. */
export class Crew {
  readonly relatives: readonly Relative[];
  private readonly workers: readonly Worker<WriterDuties>[];
  private readonly spec: CrewSpec;

  constructor(workers: readonly Worker<WriterDuties>[], spec: CrewSpec) {
    this.workers = workers;
    this.relatives = workers.map(({ child }) => child);
    this.spec = spec;
  }

  get connections(): number {
    return this.spec.connections;
  }

  async open(): Promise<void> {
    await Promise.all(this.workers.map((worker, at) => worker.ask('open', this.opening(at))));
  }

  /** Sends that many messages on each connection. */
  async send(count: number): Promise<{ began: number; sum: number }> {
    const sent = await Promise.all(this.workers.map((worker) => worker.ask('send', count)));
    return {
      began: Math.min(...sent.map(({ began }) => began)),
      sum: sent.reduce((total, { sum }) => total + sum, 0),
    };
  }

  /** See the duty of the writer; there must be only one. */
  async pace(count: number, everyMs: number): Promise<number[]> {
    return this.one.ask('pace', { count, everyMs });
  }

  /** Microseconds of CPU that all of them have used. */
  async usage(): Promise<number> {
    const used = await Promise.all(this.workers.map((worker) => worker.ask('usage', undefined)));
    return used.reduce((total, each) => total + each, 0);
  }

  /** See the duty of the writer; there must be only one. */
  async visit(): Promise<{ micros: number; sum: number }> {
    return this.one.ask('visit', this.opening(0));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.ask('close', undefined)));
  }

  private get one(): Worker<WriterDuties> {
    const [worker] = this.workers;
    if (worker === undefined) throw new Error('nobody writes');
    return worker;
  }

  /** What the process at that place of the crew has to open. */
  private opening(at: number): Opening {
    const { contestant, place, slot, size, connections } = this.spec;
    const ends = Array.from({ length: connections }, (_, writer) => ({ slot, writer }));
    return {
      contestant,
      place,
      size,
      ends: ends.filter(({ writer }) => writer % this.workers.length === at),
    };
  }
}

/** Starts the processes that write, and ends them. */
export async function withCrew<T>(spec: CrewSpec, use: (crew: Crew) => Promise<T>): Promise<T> {
  const { serialization } = contestantNamed(spec.contestant);
  const script = new URL('writer.js', import.meta.url);
  const workers = Array.from(
    { length: spec.writers },
    () => new Worker<WriterDuties>(script, { serialization }),
  );
  return withWorkers(workers, () => use(new Crew(workers, spec)));
}
