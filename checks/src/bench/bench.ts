import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContestantName, contestantNamed } from './contestants/all.js';
import type { Broker, Place } from './contestants/contestant.js';
import { type RunningBroker, startBroker } from './processes/brokers.js';

/** How long to measure. */
export interface Effort {
  /** How often each contestant has its turn. */
  readonly rounds: number;
  /** The same for what hardly varies or takes long. */
  readonly fewRounds: number;
  /** Length of one run that is measured by time. */
  readonly seconds: number;
  /** Share of the counts that are not measured by time. */
  readonly share: number;
}

export const FULL: Effort = { rounds: 5, fewRounds: 3, seconds: 0.6, share: 1 };
export const QUICK: Effort = { rounds: 2, fewRounds: 1, seconds: 0.2, share: 0.25 };

/** One session of measuring: a temporary folder, the brokers that its contestants need, and how much effort to make. */
export class Bench {
  readonly effort: Effort;
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailslot-bench-'));
  private readonly running = new Map<Broker, RunningBroker>();
  private slots = 0;
  private readonly removeFolder = (): void => rmSync(this.folder, { recursive: true, force: true });

  constructor(effort: Effort) {
    this.effort = effort;
    process.once('exit', this.removeFolder);
  }

  /** Where a contestant can run; starts its broker when it is the first that needs it. */
  async placeFor(name: ContestantName): Promise<Place> {
    const { broker } = contestantNamed(name);
    if (broker !== undefined && !this.running.has(broker)) {
      this.running.set(broker, await startBroker(broker, this.folder));
    }
    const brokers = Object.fromEntries([...this.running].map(([each, { address }]) => [each, address]));
    return { folder: this.folder, brokers };
  }

  /** A name that no other run has. */
  newSlot(): string {
    this.slots += 1;
    return `s${this.slots}`;
  }

  /** A folder that no other run has; it goes with the session. */
  newFolder(): string {
    return mkdtempSync(join(this.folder, 'f'));
  }

  /** Calls `measure` for each contestant in turn, round after round, so that what else the machine does meets all. */
  async inTurn<N, T>(
    names: readonly N[],
    measure: (name: N) => Promise<T>,
    rounds: number = this.effort.rounds,
  ): Promise<Map<N, T[]>> {
    const results = new Map(names.map((name) => [name, [] as T[]]));
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) {
        try {
          results.get(name)?.push(await measure(name));
        } catch (error) {
          throw new Error(`${String(name)}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      }
    }
    return results;
  }

  async close(): Promise<void> {
    for (const broker of this.running.values()) await broker.stop();
    process.removeListener('exit', this.removeFolder);
    this.removeFolder();
  }
}
