import { CALM } from 'mailslot/testing';
import { checkRosters } from './rosters.js';
import { happen } from './events.js';
import type { Tally } from './model/tally.js';
import { setupOf } from './setup.js';
import { must } from './violation.js';
import { World } from './world.js';

/** What became of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly history: string;
  readonly messages: number;
  readonly datagrams: number;
  readonly delivered: number;
  readonly gaps: number;
  readonly tally: Tally;
}

/** All computers start within this time; it takes that long until a restarted one is there again, too. */
const START_MS = 3_000;

/** Plays one seed. Throws a Violation if anything happens that must not. */
export async function run(seed: number, computers: number, isThorough: boolean): Promise<Outcome> {
  const setup = setupOf(seed, computers);
  const world = new World(setup, isThorough);
  const { random, clock } = world;
  for (const computer of world.computers) {
    await world.pass(random.below((2 * START_MS) / computers));
    await world.start(computer);
  }
  const pause = setup.durationMs / setup.events;
  for (let event = 0; event < setup.events; event += 1) {
    await world.pass(2 * pause * random.fraction());
    await world.startAwaited();
    await happen(world);
  }
  await comeToRest(world);
  checkRosters(world);
  for (const computer of world.computers) await world.kill(computer);
  // What is gathered in taps comes out.
  await world.pass(START_MS);
  checkNetwork(world);
  const { registry, heard, delivered, gaps, tally, history } = world;
  history.note(clock.monotonic(), heard, delivered, gaps, ...Object.values(tally.fates));
  const messages = registry.messages;
  return { seed, history: history.digest(), messages, datagrams: heard, delivered, gaps, tally };
}

/** The network is whole and calm again, everybody is awake; all who are there have time to say so. */
async function comeToRest(world: World): Promise<void> {
  const { network, computers } = world;
  network.partition();
  for (const { name } of computers) network.plug(name, 'lan');
  for (const [from, to] of world.cuts) network.mend(from, to);
  network.impair(CALM);
  for (const computer of computers) world.wake(computer);
  await world.pass(START_MS);
  await world.startAwaited();
  world.restsFrom = world.clock.monotonic();
  // 1.1 times the interval of announcements, and the ages of what was held back.
  await world.pass(START_MS + 1.1 * world.intervalMs);
}

/** Each copy of a datagram was heard, or is counted by the reason why not. */
function checkNetwork({ network, heard, injected, missed }: World): void {
  const { copies, delivered, lost, cut, missed: late, onTheWay } = network.statistics();
  const told = heard - injected + missed;
  must(told === delivered, () => `the network delivered ${delivered}, and ${told} came`);
  must(copies === delivered + lost + cut + late + onTheWay, () => 'copies are missing');
}
