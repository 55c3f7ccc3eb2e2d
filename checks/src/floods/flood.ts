import type { Need } from '../support/needs.js';

/** What the attack made of the resource. */
export interface Flooded {
  readonly bound: number;
  /** The most that was seen, in the same unit. */
  readonly peak: number;
  readonly unit: string;
  /** Whether the bound held, and whatever else the flood demands: that honest users were served meanwhile. */
  readonly ok: boolean;
  readonly note?: string;
}

/** An attack on something that strangers can make grow; it runs in a process of its own. */
export interface Flood {
  readonly resource: string;
  readonly attacker: string;
  /** Without which it cannot be run. */
  readonly needs?: readonly Need[];
  /** Attacks for {@link attackMs} and returns what was measured; takes its folders and processes away again. */
  run(): Promise<Flooded>;
}

/** How much longer a busy machine may take. */
const PATIENCE_MS = 20_000;

/** Whether the attack is to go on: for {@link attackMs}, and until it has come as far as it must, or never will. */
export function patient(hasCome: () => boolean): () => boolean {
  const end = performance.now() + attackMs;
  return () => {
    const left = end - performance.now();
    return left > 0 || (left > -PATIENCE_MS && !hasCome());
  };
}

/** How long an attack goes on: `--seconds`. */
export const SECONDS_VARIABLE = 'MAILSLOT_FLOOD_SECONDS';
export const attackMs: number = Number(process.env[SECONDS_VARIABLE] ?? 2) * 1_000;
