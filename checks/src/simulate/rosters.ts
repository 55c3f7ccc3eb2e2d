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
  const { random, computers, clock, intervalMs, longestStandMs } = world;
  const present = computers.filter(({ running }) => running?.discovery !== undefined);
  const looked = present.filter(() => random.happens(LOOKED_AT / Math.max(present.length, LOOKED_AT)));
  const seen = lastSeen(world);
  // Half an interval late is here; who stood still tells of others as of before.
  const oldest = clock.monotonic() - 1.6 * intervalMs - longestStandMs;
  for (const computer of looked) {
    const here = shownBy(computer);
    for (const { domain } of computer.place.memberships) {
      for (const other of present) {
        const isKnown = here.has(keyOf(domain, other));
        must(isKnown || !hears(world, computer, other, domain), () => {
          return `${computer.name} does not know ${other.name} in ${domain}`;
        });
      }
    }
    for (const key of here) {
      const at = seen.get(key);
      must(at !== undefined && at >= oldest, () => `${computer.name} shows ${key}, last there at ${at} ms`);
    }
  }
}

/** Whom discovery on a computer takes to be there. */
function shownBy({ running }: Computer): Set<string> {
  const entries = running?.discovery?.computers() ?? [];
  const here = entries.filter(({ state }) => state === 'here');
  return new Set(here.map(({ domain, name }) => `${domain} ${name.toUpperCase()}`));
}

/** When a computer of each name was last there. */
function lastSeen({ computers, clock }: World): Map<string, number> {
  const seen = new Map<string, number>();
  for (const computer of computers) {
    const at = computer.running === undefined ? computer.disturbedAt : clock.monotonic();
    for (const { domain } of computer.place.memberships) {
      const key = keyOf(domain, computer);
      seen.set(key, Math.max(at, seen.get(key) ?? 0));
    }
  }
  return seen;
}

function keyOf(domain: string, { name }: Computer): string {
  return `${domain} ${name.toUpperCase()}`;
}

/** Whether one has to know the other, once all is calm. */
function hears(world: World, one: Computer, other: Computer, domain: string): boolean {
  const { setup, clock, restsFrom } = world;
  const lans = lansOf(other, domain);
  const isWired = lansOf(one, domain).some((lan) => lans.includes(lan));
  const isNear = Math.abs(one.clock.skew - other.clock.skew) < TRUST_MS;
  const isRested = one.disturbedAt <= restsFrom && other.disturbedAt <= restsFrom;
  // A computer whose windows are lost believes only what is sent after its start, by its own clock.
  const since = restsFrom - clock.monotonic() + other.clock.now();
  const isBelieved = one.memory.newestFloor + FLOOR_MS < since;
  return isWired && isNear && isRested && isBelieved && !setup.isCrowded;
}

/** By which services are heard: what anybody may send is nothing to them. */
function lansOf({ place }: Computer, domain: string): string[] {
  const membership = place.memberships.find((each) => each.domain === domain);
  return (
    membership?.ends.flatMap((end) =>
      end.capabilities?.authenticated === false ? [] : (end.interfaces ?? []),
    ) ?? []
  );
}
