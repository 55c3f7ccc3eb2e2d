import type { Dice } from '../fuzz/dice.js';
import type { Scene } from '../harness/scene.js';
import type { Need } from '../support/needs.js';

/** What became of one campaign. */
export interface Outcome {
  readonly complaints: readonly string[];
  /** What happened how often, and what was counted. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Processes that work together, and what is done to them. */
export interface Part {
  readonly name: string;
  readonly needs: readonly Need[];
  run(at: Scene, events: number, dice: Dice): Promise<Outcome>;
}

/** The processes of a part, and what happens to them one event after the other. */
export interface Stage {
  begin(): Promise<void>;
  next(): Promise<void>;
  end(): Promise<Outcome>;
}

export async function play(stage: Stage, events: number): Promise<Outcome> {
  await stage.begin();
  for (let event = 0; event < events; event += 1) await stage.next();
  return stage.end();
}

/** Counts events by their name. */
export class Tally {
  readonly counts: Record<string, number> = {};

  add(name: string, count = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + count;
  }
}

/** One of several things that happen so often in proportion. */
export function weighted<T>(dice: Dice, choices: readonly (readonly [T, weight: number])[]): T {
  let left = dice(choices.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new Error('nothing to choose from');
}
