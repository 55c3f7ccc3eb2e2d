import { BAD_DAY, CALM, type Impairments, SeededRandom } from 'mailslot/testing';
import type { WindowSize } from './kept-windows.js';
import type { PolicyText, RuleText } from './model/rules.js';
import type { Membership, Place, Slot } from './place.js';

/** Everything about a run that its seed decides before it begins. */
export interface Setup {
  readonly seed: number;
  readonly impairments: Impairments;
  readonly windows: WindowSize;
  /** Whether there are more instances than windows. */
  readonly isCrowded: boolean;
  readonly places: readonly Place[];
  /** How long things happen, and how often. */
  readonly durationMs: number;
  readonly events: number;
  /** Whether all comes to rest at the end, so that everybody should know everybody. */
  readonly hasRest: boolean;
}

/** What is so large that it is never full. */
const ROOMY = 100_000;
const DOMAINS = ['OFFICE', 'LAB', 'Hall', 'SHOP', 'YARD', 'ROOF', 'GATE', 'Cellar'] as const;
/** From so many computers on they are in several domains: a message to all costs the square of their number. */
const MANY = 50;
export const SLOTS = ['alerts', 'app/events', 'Inbox', 'jobs', 'a/b/c', '$spool'] as const;

/** A network on which everything happens that may happen. */
const TERRIBLE: Impairments = {
  ...BAD_DAY,
  loss: 0.3,
  duplication: 0.3,
  reordering: 0.3,
  heldMs: 3_000,
  maxDelayMs: 300,
  strays: 0.05,
  bytesPerSecond: 200_000,
};

export function setupOf(seed: number, computers: number): Setup {
  const random = new SeededRandom(seed);
  const impairments = pick(random, [CALM, BAD_DAY, BAD_DAY, TERRIBLE]);
  const isCrowded = random.happens(0.1);
  const width = random.happens(0.2) ? 4096 : 512;
  const windows = { messages: width, instances: isCrowded ? 4 + random.below(computers) : ROOMY };
  const isOpen = random.happens(0.3);
  const isMany = computers > MANY && random.happens(0.97);
  const domains = DOMAINS.slice(0, isMany ? 6 + random.below(3) : 1 + random.below(3));
  const places: Place[] = [];
  for (let number = 0; number < computers; number += 1) {
    places.push(placeOf(random, number, places, domains, isOpen));
  }
  const events = 150 + random.below(200);
  const durationMs = 5_000 + random.below(10_000);
  const hasRest = random.happens(0.3);
  return { seed, impairments, windows, isCrowded, places, durationMs, events, hasRest };
}

export function pick<Item>(random: SeededRandom, items: readonly Item[]): Item {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}

function placeOf(
  random: SeededRandom,
  number: number,
  others: readonly Place[],
  domains: readonly string[],
  isOpen: boolean,
): Place {
  const machine = (number + 1).toString(16).padStart(16, '0');
  // Another user of the same machine, or somebody who took a name twice.
  const namesake = others.length > 0 && random.happens(0.05) ? pick(random, others) : undefined;
  const isSameMachine = namesake !== undefined && random.happens(0.5);
  const name = namesake?.name ?? `PC-${number}`;
  const slots = SLOTS.filter(() => random.happens(0.4)).map((path) => slotOf(random, path));
  return {
    number,
    name,
    machine: isSameMachine ? namesake.machine : machine,
    memberships: membershipsOf(random, name, domains, isOpen),
    skewMs: skewOf(random),
    gatherMs: random.happens(0.3) ? 1 + random.below(20) : 0,
    hasDiscovery: random.happens(0.5),
    policy: random.happens(0.2) ? policyOf(random, domains) : { rules: [], default: 'allow' },
    slots,
  };
}

export function slotOf(random: SeededRandom, path: string): Slot {
  return { path, remote: random.happens(0.5) ? 'domain' : 'anyone', isFull: random.happens(0.05) };
}

function membershipsOf(
  random: SeededRandom,
  computer: string,
  domains: readonly string[],
  isOpen: boolean,
): Membership[] {
  if (random.happens(0.02)) return [];
  const first = pick(random, domains);
  const second = domains.find((domain) => domain !== first && random.happens(0.05));
  return [first, ...(second === undefined ? [] : [second])].map((domain) => {
    const interfaces = pick(random, [['lan'], ['lan'], ['lan', 'wifi'], ['wifi']]);
    const ends = [{ domain, computer, interfaces, name: 'lan' }];
    if (!isOpen || random.happens(0.5)) return { domain, ends };
    // Another way between the same computers, whose members nobody knows for certain.
    const capabilities = { authenticated: false };
    return { domain, ends: [...ends, { domain, computer, interfaces: ['air'], name: 'air', capabilities }] };
  });
}

function skewOf(random: SeededRandom): number {
  const widest = random.happens(0.02) ? 40_000 : pick(random, [100, 100, 1_000, 10_000]);
  return random.below(2 * widest) - widest;
}

/** A few rules of every kind. */
export function policyOf(random: SeededRandom, domains: readonly string[]): PolicyText {
  const rules = Array.from({ length: 1 + random.below(5) }, (): RuleText => {
    const from = pick(random, [{}, {}, { from: '*' }, { from: `PC-${random.below(50)}` }, { from: 'pc-1*' }]);
    const path = pick(random, [...SLOTS, '*', 'A*']);
    const to = pick(random, [
      {},
      { to: path },
      { to: `//*/mailslot/${path}` },
      { to: `//${pick(random, domains)}/mailslot/${path}` },
      { to: `\\\\PC-1*\\mailslot\\${path.replaceAll('/', '\\')}` },
    ]);
    const direction = pick(random, [{}, { direction: 'in' } as const, { direction: 'out' } as const]);
    if (random.happens(0.3)) return { ...from, ...to, ...direction, allow: false };
    const perSecond = 1 + random.below(20);
    const limits = pick(random, [{}, { maxSize: 100 }, { perSecond }, { perSecond, burst: 2 * perSecond }]);
    return { ...from, ...to, ...direction, ...limits };
  });
  return { rules, default: random.happens(0.8) ? 'allow' : 'deny' };
}
