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

/** How long an attack goes on: `--seconds`. */
export const SECONDS_VARIABLE = 'MAILSLOT_FLOOD_SECONDS';
export const attackMs: number = Number(process.env[SECONDS_VARIABLE] ?? 2) * 1_000;
