import type { Bench } from '../bench.js';
import type { Outcome } from '../report/outcome.js';
import { fanOut } from './fan-out.js';
import { growingQueue, growingSlots, growingWriters } from './growth.js';
import { discovery } from './lan-discovery.js';
import { local } from './lan-local.js';
import { lone } from './lan-lone.js';
import { lanSmoke } from './lan-smoke.js';
import { lanThroughput, mediumLoad, smallLoad } from './lan-throughput.js';
import { paced, pingPong } from './latency.js';
import { memory } from './memory.js';
import { natsLone } from './nats-lone.js';
import { natsPath } from './nats-path.js';
import { natsSmoke } from './nats-smoke.js';
import { natsThroughput } from './nats-throughput.js';
import { opening } from './opening.js';
import { smoke } from './smoke.js';
import { starting } from './starting.js';
import { large, medium, small, throughput } from './throughput.js';

export type Case = (bench: Bench) => Promise<Outcome>;

/** Cases that are measured in one go, and their page. */
interface Group {
  /** What is measured, in this order. */
  readonly cases: ReadonlyMap<string, Case>;
  /** Not measured, and so run only by its name. */
  readonly trials: ReadonlyMap<string, Case>;
  /** In `docs/performance`. */
  readonly page: string;
}

const between: Group = {
  cases: new Map<string, Case>([
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
  ]),
  trials: new Map<string, Case>([['smoke', smoke]]),
  page: 'README.md',
};

const lan: Group = {
  cases: new Map<string, Case>([
    ['throughput-64', (bench) => lanThroughput(bench, smallLoad)],
    ['throughput-400', (bench) => lanThroughput(bench, mediumLoad)],
    ['lone', lone],
    ['local', local],
    ['discovery', discovery],
  ]),
  trials: new Map<string, Case>([['smoke', lanSmoke]]),
  page: 'lan.md',
};

const nats: Group = {
  cases: new Map<string, Case>([
    ['throughput', natsThroughput],
    ['lone', natsLone],
    ['path', natsPath],
  ]),
  trials: new Map<string, Case>([['smoke', natsSmoke]]),
  page: 'nats.md',
};

/** Between processes of one computer, between computers. */
export const groups: ReadonlyMap<string, Group> = new Map([
  ['local', between],
  ['lan', lan],
  ['nats', nats],
]);
