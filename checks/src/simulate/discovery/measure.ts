import { SeededRandom, SimulatedNetwork, VirtualClock } from 'mailslot/testing';
import { Crowd } from './crowd.js';
import { Desk } from './desk.js';

/** What a domain of so many computers costs, and how fast it is. Times in virtual milliseconds. */
export interface Discovery {
  readonly computers: number;
  /** From a newcomer's start until the last of those that were asked knew it, of each newcomer. */
  readonly knownAfterMs: readonly number[];
  /** … until it knew all of them. */
  readonly knowsAllAfterMs: readonly number[];
  /** In rest, all computers together; one computer sends, and hears. */
  readonly datagramsPerSecond: number;
  readonly sentPerSecond: number;
  readonly heardPerSecond: number;
  /** Datagrams that one newcomer caused, of all computers together. */
  readonly datagramsPerNewcomer: number;
}

/** Computers of which everything is there; the others are a crowd. */
const DESKS = 20;
const NEWCOMERS = 10;
const REST_MS = 30_000;
const STEP_MS = 5;
/** Who is not known by then is not known. */
const PATIENCE_MS = 3_000;

/** Lets a domain of computers start on a LAN on a bad day, rest, and be joined. */
export async function measureDiscovery(
  computers: number,
  progress: (text: string) => void,
): Promise<Discovery> {
  const clock = new VirtualClock();
  const random = new SeededRandom(computers);
  const network = new SimulatedNetwork({ clock, seed: computers });
  const crowd = new Crowd(network, clock, random);
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      clock.advance(Math.min(left, STEP_MS));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  progress(`${computers} computers start`);
  await crowd.start(computers - DESKS);
  await pass(1_500);
  crowd.settle();

  const desks: Desk[] = [];
  const knowsAllAfterMs: number[] = [];
  for (let number = 0; number < DESKS; number += 1) {
    progress(`${computers} computers: ${number} of ${DESKS} desks`);
    const desk = new Desk(network, clock, random, `DESK-${number}`);
    const since = clock.monotonic();
    await desk.start();
    const others = computers - DESKS + number;
    for (let ms = 0; ms < PATIENCE_MS && desk.known < others; ms += STEP_MS) await pass(STEP_MS);
    knowsAllAfterMs.push(desk.known < others ? Number.POSITIVE_INFINITY : clock.monotonic() - since);
    desks.push(desk);
  }

  const rest = await measureRest(desks, network, async (ms) => {
    progress(`${computers} computers rest`);
    await pass(ms);
  });
  const knownAfterMs: number[] = [];
  const sentBefore = network.statistics().sent;
  let spentMs = 0;
  for (let number = 0; number < NEWCOMERS; number += 1) {
    progress(`${computers} computers: newcomer ${number} of ${NEWCOMERS}`);
    const name = `NEW-${number}`;
    const newcomer = new Desk(network, clock, random, name);
    const since = clock.monotonic();
    await newcomer.start();
    const isKnown = (): boolean => desks.every((desk) => desk.met(name) !== undefined);
    for (let ms = 0; ms < PATIENCE_MS && !isKnown(); ms += STEP_MS) await pass(STEP_MS);
    knownAfterMs.push(Math.max(...desks.map((desk) => desk.met(name) ?? Number.POSITIVE_INFINITY)) - since);
    await pass(1_000);
    await newcomer.close();
    spentMs += clock.monotonic() - since;
  }
  const sent = network.statistics().sent - sentBefore - (rest.datagramsPerSecond * spentMs) / 1_000;
  for (const desk of desks) await desk.close();
  return { computers, knownAfterMs, knowsAllAfterMs, ...rest, datagramsPerNewcomer: sent / NEWCOMERS };
}

type Rest = Pick<Discovery, 'datagramsPerSecond' | 'sentPerSecond' | 'heardPerSecond'>;

async function measureRest(
  desks: readonly Desk[],
  network: SimulatedNetwork,
  pass: (ms: number) => Promise<void>,
): Promise<Rest> {
  // Those that came last have a short interval behind them.
  await pass(3_000);
  const heard = (): number => desks.reduce((sum, desk) => sum + desk.heard, 0);
  const [sentBefore, heardBefore] = [network.statistics().sent, heard()];
  await pass(REST_MS);
  const seconds = REST_MS / 1_000;
  const datagramsPerSecond = (network.statistics().sent - sentBefore) / seconds;
  const heardPerSecond = (heard() - heardBefore) / seconds / desks.length;
  const count = Math.max(...desks.map(({ present }) => present));
  return { datagramsPerSecond, heardPerSecond, sentPerSecond: datagramsPerSecond / count };
}
