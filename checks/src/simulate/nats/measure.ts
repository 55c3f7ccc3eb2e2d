import type { Scene } from '../../harness/scene.js';
import type { NatsServer } from '../../nats/support/server.js';
import { Crowd } from './crowd.js';
import { MeasuredServer } from './measured-server.js';
import { checkOpenFiles } from './open-files.js';
import { SLOT_OF_ALL, SLOT_OF_FEW } from './slots.js';

/** What a domain of so many computers costs on one NATS server. */
export interface Scale {
  readonly computers: number;
  readonly serverVersion: string;
  /** Messages that the server gave out for one to all, in a slot that only a few have; and who got it. */
  readonly deliveredToFew: number;
  readonly arrivedAtFew: number;
  /** The same for a slot that all have; its sender hears it from its own redirector. */
  readonly deliveredToAll: number;
  readonly arrivedAtAll: number;
  /** Until the server had the connections and subscriptions of all, who started at once, some at a time. */
  readonly allJoinedAfterMs: number;
  /** From the start of one more computer until a message of another one reached it, of each. */
  readonly joinedAfterMs: readonly number[];
  /** From writing to all until the last one had it, each time. */
  readonly lastHasItAfterMs: readonly number[];
  /** From a new start of the server, which was killed, until it had all connections and subscriptions again. */
  readonly allBackAfterMs: number;
  /** Resident memory for each computer, in bytes. */
  readonly clientMemory: number;
  readonly serverMemory: number;
  /** What the server sends, and its share of one core, while all only announce themselves. */
  readonly restBytesPerSecond: number;
  readonly restCpuShare: number;
}

const NEWCOMERS = 100;
const BROADCASTS = 20;

/** Has so many computers join a domain on a server of their own. */
export async function measureScale(
  at: Scene,
  computers: number,
  progress: (text: string) => void,
): Promise<Scale> {
  checkOpenFiles(computers);
  const server = await MeasuredServer.start(at);
  const crowd = await Crowd.start(at, server, computers);
  progress(`${computers} computers join`);
  const joined = await crowd.join();
  progress(`${computers} computers: ${NEWCOMERS} newcomers`);
  const joinedAfterMs = await crowd.newcomers(NEWCOMERS);
  progress(`${computers} computers write to all`);
  const few = await crowd.deliveries(SLOT_OF_FEW);
  const all = await crowd.deliveries(SLOT_OF_ALL);
  const lastHasItAfterMs: number[] = [];
  while (lastHasItAfterMs.length < BROADCASTS) lastHasItAfterMs.push(await crowd.broadcast());
  progress(`${computers} computers rest`);
  const rest = await crowd.rest();
  progress(`${computers} computers: the server starts anew`);
  const allBackAfterMs = await restart(server.nats, crowd);
  await crowd.end();
  await server.nats.kill();
  return {
    computers,
    ...joined,
    joinedAfterMs,
    deliveredToFew: few.delivered,
    arrivedAtFew: few.arrived,
    deliveredToAll: all.delivered,
    arrivedAtAll: all.arrived,
    lastHasItAfterMs,
    allBackAfterMs,
    restBytesPerSecond: rest.bytesPerSecond,
    restCpuShare: rest.cpuShare,
  };
}

async function restart(server: NatsServer, crowd: Crowd): Promise<number> {
  await server.kill();
  await server.start();
  const since = performance.now();
  await crowd.untilAllAreThere();
  return performance.now() - since;
}
