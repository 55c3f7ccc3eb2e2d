import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContestantName, contestantNamed } from './contestants/all.js';
import type { Broker, Place } from './contestants/contestant.js';
import { fetchLibrary, type Library } from './contestants/library.js';
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

/** A contestant that cannot take part here, and why. */
class NotMeasured extends Error {}

/** One session of measuring: a temporary folder, the brokers that its contestants need, and how much effort to make. */
export class Bench {
  readonly effort: Effort;
  /** Who had no turn, and why. */
  readonly notMeasured: Set<string> = new Set();
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailslot-bench-'));
  private readonly running = new Map<Broker, RunningBroker>();
  private readonly troubles = new Map<Library, string | undefined>();
  private slots = 0;
  private readonly removeFolder = (): void => rmSync(this.folder, { recursive: true, force: true });

  private readonly fetch: (name: Library) => string | undefined;

  /** @param fetch brings a library, or says why it cannot be used. */
  constructor(effort: Effort, fetch: (name: Library) => string | undefined = fetchLibrary) {
    this.effort = effort;
    this.fetch = fetch;
    process.once('exit', this.removeFolder);
  }

  /** Where a contestant can run; fetches its library and starts its broker when it is the first that needs them. */
  async placeFor(name: ContestantName): Promise<Place> {
    const { broker, library, title } = contestantNamed(name);
    const trouble = library && this.troubleWith(library);
    if (trouble !== undefined) throw new NotMeasured(`${title}: ${trouble}`);
    if (broker !== undefined && !this.running.has(broker)) {
      this.running.set(broker, await startBroker(broker, this.folder));
    }
    const brokers = Object.fromEntries([...this.running].map(([each, { address }]) => [each, address]));
    return { folder: this.folder, brokers };
  }

  private troubleWith(library: Library): string | undefined {
    if (!this.troubles.has(library)) this.troubles.set(library, this.fetch(library));
    return this.troubles.get(library);
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

  /**
   * Calls `measure` for each contestant in turn, round after round, so that what else the machine does meets all. One
   * that cannot take part has no results, and stands in `notMeasured`.
   */
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
          if (error instanceof NotMeasured) {
            this.notMeasured.add(error.message);
            continue;
          }
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
