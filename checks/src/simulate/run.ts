import { CALM } from 'mailslot/testing';
import { happen } from './events.js';
import { checkRosters } from './rosters.js';
import { setupOf } from './setup.js';
import { must } from './violation.js';
import { World } from './world.js';

/** What became of one seed. */
export interface Outcome {
  readonly seed: number;
  /** The same for the same seed, if and only if everything happened in the same way. */
  readonly history: string;
  /** What went wrong; `undefined`: nothing. */
  readonly violation: string | undefined;
  /** What was counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunOptions {
  readonly seed: number;
  readonly computers: number;
  /** Compare all counters after each datagram: a violation is found where it happens, and the run takes longer. */
  readonly isThorough: boolean;
}

/** All computers start within this time; then it takes that long until who was restarted is there again. */
const START_MS = 3_000;

/** Plays one seed to its end, or to the first thing that must not happen. */
export async function run({ seed, computers, isThorough }: RunOptions): Promise<Outcome> {
  const world = new World(setupOf(seed, computers), isThorough);
  let violation: string | undefined;
  try {
    await play(world);
  } catch (error) {
    // Also what anybody throws who should not: a Violation needs no stack.
    violation = error instanceof Error ? String(error.stack) : String(error);
  }
  const counts = world.counts();
  world.history.note(world.clock.monotonic(), ...Object.values(counts));
  return { seed, history: world.history.digest(), violation, counts };
}

async function play(world: World): Promise<void> {
  const { random, computers, setup } = world;
  for (const computer of computers) {
    await world.pass((2 * START_MS * random.fraction()) / computers.length);
    await world.start(computer);
  }
  const pause = setup.durationMs / setup.events;
  for (let event = 0; event < setup.events; event += 1) {
    await world.pass(2 * pause * random.fraction());
    await world.startAwaited();
    await happen(world);
  }
  if (setup.hasRest) {
    await comeToRest(world);
    checkRosters(world);
  }
  for (const computer of computers) await world.kill(computer);
  // What is gathered in taps comes out.
  await world.pass(START_MS);
  checkNetwork(world);
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
  await world.pass(START_MS + 1.1 * world.intervalMs);
}

/** Each copy of a datagram was heard, or is counted by the reason why not. */
function checkNetwork({ network, heard, injected, missed }: World): void {
  const { copies, delivered, lost, cut, missed: late, onTheWay } = network.statistics();
  const told = heard - injected + missed;
  must(told === delivered, () => `the network delivered ${delivered}, and ${told} came`);
  must(copies === delivered + lost + cut + late + onTheWay, () => 'copies are missing');
}
