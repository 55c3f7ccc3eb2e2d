import type { Bench } from '../bench.js';
import type { Outcome } from '../report/outcome.js';
import { fanOut } from './fan-out.js';
import { growingQueue, growingSlots, growingWriters } from './growth.js';
import { paced, pingPong } from './latency.js';
import { memory } from './memory.js';
import { opening } from './opening.js';
import { smoke } from './smoke.js';
import { starting } from './starting.js';
import { large, medium, small, throughput } from './throughput.js';

export type Case = (bench: Bench) => Promise<Outcome>;

/** What is measured, in this order. */
export const cases: ReadonlyMap<string, Case> = new Map<string, Case>([
  ['throughput-64', (bench) => throughput(bench, small)],
  ['throughput-1k', (bench) => throughput(bench, medium)],
  ['throughput-64k', (bench) => throughput(bench, large)],
  ['ping-pong', pingPong],
  ['paced', paced],
  ['opening', opening],
  ['fan-out', fanOut],
  ['memory', memory],
  ['start-up', starting],
  ['growth-writers', growingWriters],
  ['growth-slots', growingSlots],
  ['growth-queue', growingQueue],
]);

/** Not measured, and so run only by its name. */
export const trials: ReadonlyMap<string, Case> = new Map<string, Case>([['smoke', smoke]]);
