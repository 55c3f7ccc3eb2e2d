import { BAD_DAY, type Datagram } from 'mailslot/testing';
import type { Computer } from './computer.js';
import { writeMessages } from './messages.js';
import { Rules } from './model/rules.js';
import { pick, policyOf, SLOTS, slotOf } from './setup.js';
import type { World } from './world.js';

/** Something that happens to some computer, or to the network. */
type Happening = (world: World, computer: Computer) => void | Promise<void>;

/** Every kind of thing that happens, and how often. */
const HAPPENINGS: readonly (readonly [weight: number, Happening])[] = [
  [70, writeMessages],
  [8, replay],
  [4, intrude],
  [4, dieAndReturn],
  [2, leave],
  [4, setClock],
  [4, standStill],
  [4, changeSlots],
  [2, changePolicy],
  [3, divide],
  [3, pullCable],
];

const WEIGHT = HAPPENINGS.reduce((sum, [weight]) => sum + weight, 0);

/** One thing happens, whatever chance says. */
export async function happen(world: World): Promise<void> {
  const computer = pick(world.random, world.computers);
  let rest = world.random.below(WEIGHT);
  const index = HAPPENINGS.findIndex(([weight]) => {
    rest -= weight;
    return rest < 0;
  });
  world.history.note(index, computer.place.number, world.clock.monotonic());
  await HAPPENINGS[index]?.[1](world, computer);
}

/** What was on the network before comes again: at once, much later, after a restart; some of it from elsewhere. */
function replay(world: World, computer: Computer): void {
  const { random, recorder } = world;
  const tap = computer.running?.taps.find(({ isUp }) => isUp);
  if (tap === undefined || !computer.isActive) return;
  const { domain } = tap;
  const recorded = Array.from({ length: 1 + random.below(20) }, () => {
    const number = random.below(2 ** 30);
    return random.happens(0.1) ? recorder.foreign(domain, number) : recorder.any(domain, number);
  });
  const arrivals = recorded.flatMap((datagram) => {
    return datagram === undefined ? [] : [{ datagram, origin: { address: 'recorder' } }];
  });
  world.injected += arrivals.length;
  computer.hear(tap, arrivals);
}

/** Where anybody can send, somebody claims to be somebody, in a way that may be near to the truth. */
function intrude(world: World, computer: Computer): void {
  const { random, registry, recorder } = world;
  const { running } = computer;
  const tap = running?.taps.find(({ isUp, name }) => isUp && name === 'air');
  if (running === undefined || tap === undefined || !computer.isActive) return;
  const victim = pick(random, world.computers);
  // Somebody new, or who is known already.
  const known = recorder.any(tap.domain, random.below(2 ** 30))?.identity;
  const identity = random.happens(0.5) && known ? known : { instance: hex(random.bytes(8)), counter: 1 };
  const datagram: Datagram = {
    identity: {
      instance: identity.instance,
      counter: identity.counter + random.below(pick(random, [3, 5_000])),
      stamp: world.clock.now() + random.below(80_000) - 40_000,
    },
    from: victim.name,
    to: random.happens(0.5)
      ? { kind: 'domain', name: tap.domain }
      : { kind: 'computer', name: computer.name },
    sequence: 1 + random.below(100),
    slot: pick(random, SLOTS),
    scope: 'site',
    data: Buffer.from(random.bytes(random.below(64))),
  };
  registry.invent(tap.domain, datagram);
  // Whoever invents numbers invents gaps.
  running.gaps.isVague = true;
  world.injected += 1;
  computer.hear(tap, [{ datagram, origin: { address: 'intruder' } }]);
}

async function dieAndReturn(world: World, computer: Computer): Promise<void> {
  const { random, clock } = world;
  const isKilled = random.happens(0.7);
  for (let times = random.happens(0.2) ? 5 : 1; times > 0; times -= 1) {
    await (isKilled ? world.kill(computer) : world.close(computer));
    if (random.happens(0.2)) computer.windows.lose();
    if (times > 1) await world.start(computer);
  }
  clock.after(random.below(3_000), () => world.startSoon(computer));
}

async function leave(world: World, computer: Computer): Promise<void> {
  if (computer.running === undefined) await world.start(computer);
  else if (world.random.happens(0.5)) await world.kill(computer);
  else await world.close(computer);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** None is about the times from which on a redirector takes notice: the model does not look so closely. */
const JUMPS = [500, 4_000, 10_000, 20_000, 3_600_000];
/** Jumps that a redirector must notice with the next message at the latest: forwards, and back. */
const NOTICED_MS = 7_500;
const SET_BACK_MS = 4_000;
/** In rest it notices them after this time at the latest. */
const NOTICE_MS = 1_100;

function setClock(world: World, computer: Computer): void {
  const { random } = world;
  const { running, memory, clock } = computer;
  const isFar = clock.skew >= SET_BACK_MS || clock.skew <= -NOTICED_MS;
  const isCorrected = isFar && random.happens(0.5);
  const ms = isCorrected ? -clock.skew : pick(random, JUMPS) * pick(random, [-1, 1]);
  // Two in a second are seen as one.
  if (clock.isStill || world.clock.monotonic() - computer.disturbedAt < 2_000) return;
  clock.jump(ms);
  computer.disturbedAt = world.clock.monotonic();
  if (running === undefined) return;
  if (ms >= NOTICED_MS || ms <= -SET_BACK_MS) running.outdated = running.redirector.instance;
  if (ms > 0) return;
  memory.setBack(-ms);
  if (ms > -SET_BACK_MS) return;
  world.clock.after(NOTICE_MS, () => {
    if (computer.running === running && computer.isActive) memory.noticeSetBack(-ms);
  });
}

function standStill(world: World, computer: Computer): void {
  const { random, clock } = world;
  const { running } = computer;
  if (running === undefined || !computer.isActive) return;
  const ms = pick(random, [100, 2_000, 8_000, 12_000, 40_000]);
  const isAsleep = random.happens(0.5);
  if (isAsleep) computer.clock.suspend();
  else computer.clock.stop();
  world.longestStandMs = Math.max(world.longestStandMs, ms);
  clock.after(ms, () => {
    if (computer.running !== running || !computer.clock.isStill) return;
    if (ms >= NOTICED_MS) running.outdated = running.redirector.instance;
    world.wake(computer);
  });
}

function changeSlots({ random }: World, computer: Computer): void {
  const path = pick(random, SLOTS);
  const key = path.toLowerCase();
  const slot = computer.slots.get(key);
  if (slot !== undefined && random.happens(0.5)) {
    slot.isFull = !slot.isFull;
  } else if (slot !== undefined) {
    computer.slots.delete(key);
    computer.running?.detach(slot.path);
  } else {
    const made = slotOf(random, path);
    computer.slots.set(key, made);
    computer.running?.attach(made);
  }
}

function changePolicy({ random, setup }: World, computer: Computer): void {
  const domains = setup.places.flatMap(({ memberships }) => memberships.map(({ domain }) => domain));
  const text = policyOf(random, [...new Set(domains)]);
  computer.rules = new Rules(text);
  computer.running?.setPolicy(text);
}

function divide({ random, network, computers }: World): void {
  if (random.happens(0.5)) network.partition();
  else network.partition(computers.filter(() => random.happens(0.3)).map(({ name }) => name));
  network.impair({ loss: random.happens(0.7) ? BAD_DAY.loss : 0.5 });
}

function pullCable({ random, network, computers, cuts }: World, { name }: Computer): void {
  const other = pick(random, computers).name;
  pick(random, [
    () => {
      network.cut(name, other);
      cuts.push([name, other]);
    },
    () => network.mend(name, other),
    () => network.unplug(name, 'lan'),
    () => network.plug(name, 'lan'),
    () => network.plug(name, 'lan'),
  ])();
}
