import type { Computer } from './computer.js';
import { must } from './violation.js';
import type { World } from './world.js';

/** Whose clocks are further apart do not believe each other. */
const TRUST_MS = 29_000;
/** The clock of either may have been set by so little that nobody took notice. */
const FLOOR_MS = 1_000;
const LOOKED_AT = 20;

/** After a time of rest all computers that can hear each other know each other, and nobody who has long been gone. */
export function checkRosters(world: World): void {
  const { random, computers } = world;
  const present = computers.filter(({ running }) => running?.browser !== undefined);
  const looked = present.filter(() => random.happens(LOOKED_AT / Math.max(present.length, LOOKED_AT)));
  for (const computer of looked) {
    const entries = computer.running?.browser?.computers() ?? [];
    const here = new Set(
      entries.filter(({ state }) => state === 'here').map(({ name, domain }) => `${domain} ${name.toUpperCase()}`),
    );
    for (const domain of computer.place.memberships.map((each) => each.domain)) {
      for (const other of present) {
        const isKnown = here.has(`${domain} ${other.name.toUpperCase()}`);
        const isExpected = hears(world, computer, other, domain);
        must(isKnown || !isExpected, () => `${computer.name} does not know ${other.name} in ${domain}`);
      }
    }
    for (const key of here) {
      const lastSeen = Math.max(...computers.map((other) => seenAt(world, other, key)));
      const isRecent = lastSeen >= world.clock.monotonic() - 1.6 * world.intervalMs - world.longestStandMs;
      must(isRecent, () => `${computer.name} takes ${key} to be here, who was last at ${lastSeen} ms`);
    }
  }
}

/** Whether one has to know the other, once all is calm. */
function hears({ setup, clock, restsFrom, registry }: World, one: Computer, other: Computer, domain: string): boolean {
  const isNear = Math.abs(one.clock.skew - other.clock.skew) < TRUST_MS;
  const isRested = one.disturbedAt <= restsFrom && other.disturbedAt <= restsFrom;
  // A computer whose windows are lost believes only what is sent after its start, by its own clock.
  const since = restsFrom - clock.monotonic() + other.clock.now();
  const isBelieved = one.memory.newestFloor + FLOOR_MS < since;
  // Anybody may keep messages away from slots that are for anybody, as the browser's is.
  const isClaimed = registry.isClaimed(other.running?.redirector.instance ?? '');
  const [here, there] = [lansOf(one, domain), lansOf(other, domain)];
  const isWired = here.some((lan) => there.includes(lan));
  return isNear && isRested && isBelieved && isWired && !isClaimed && !setup.isCrowded;
}

function lansOf({ place }: Computer, domain: string): string[] {
  const membership = place.memberships.find((each) => each.domain === domain);
  return membership?.ends.flatMap(({ interfaces = [] }) => interfaces) ?? [];
}

/** When a computer of that name was last there. */
function seenAt({ clock }: World, { place, running, disturbedAt }: Computer, key: string): number {
  const isOne = place.memberships.some(({ domain }) => `${domain} ${place.name.toUpperCase()}` === key);
  if (!isOne) return Number.NEGATIVE_INFINITY;
  return running === undefined ? disturbedAt : clock.monotonic();
}
