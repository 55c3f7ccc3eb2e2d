import type { Addressee, Datagram } from 'mailslot/testing';
import type { Memory } from './model/memory.js';
import type { Rules } from './model/rules.js';
import type { Fate } from './model/tally.js';
import { SERVICES, type Slot } from './place.js';

/** What the model knows of the computer that a message came to. */
export interface Bench {
  readonly name: string;
  readonly memory: Memory;
  readonly rules: Rules;
  readonly slots: ReadonlyMap<string, Slot>;
  now(): number;
  monotonic(): number;
}

/** The way it came. */
export interface Passage {
  readonly domain: string;
  readonly isAuthenticated: boolean;
  /** Where it came from. */
  readonly address: string;
}

/** A message without what makes it different from others like it. */
export type Content = Pick<Datagram, 'from' | 'to' | 'slot' | 'data'>;

/** `ignored`: not for this computer, and not counted. `unsure`: any fate, but counted once. */
export type Verdict = Fate | 'ignored' | 'unsure';

const MAX_SKEW_MS = 30_000;

/** Whether a message concerns a computer at all. */
export function isFor(name: string, domain: string, to: Addressee): boolean {
  const own = to.kind === 'domain' ? domain : name;
  return to.name === own || to.name.toUpperCase() === own.toUpperCase();
}

/** Where it is noted what came this way: what anybody may send is apart from what members do. */
export function windowsOf({ domain, isAuthenticated }: Passage): string {
  return isAuthenticated ? domain : `${domain} (open)`;
}

/**
 * What ought to become of a message for this computer. `sender` is empty for our own. `isNew` is called if it was
 * never noted before, for a slot here.
 */
export function judge(
  bench: Bench,
  way: Passage,
  datagram: Datagram,
  sender: string,
  isNew: (slot: Slot) => void,
): Verdict {
  const { memory } = bench;
  const { identity, slot } = datagram;
  if (Math.abs(identity.stamp - bench.now()) > MAX_SKEW_MS) return 'clock';
  const novelty = memory.note(windowsOf(way), identity, sender, bench.monotonic());
  if (novelty !== 'new') return novelty;
  const found = bench.slots.get(slot.toLowerCase());
  if (found !== undefined) isNew(found);
  if (found?.remote === 'anyone') {
    const elsewhere = memory.has(windowsOf({ ...way, isAuthenticated: !way.isAuthenticated }), identity);
    if (elsewhere !== 'new') return elsewhere;
  }
  const verdict = judgeAtSlot(bench, way, datagram);
  if (verdict === 'delivered' || verdict === 'queue-full') memory.keep(windowsOf(way), identity.instance);
  return verdict;
}

/** … once it is known to be new. */
export function judgeAtSlot(bench: Bench, way: Passage, datagram: Content): Verdict {
  const { slot, from, to, data } = datagram;
  const found = bench.slots.get(slot.toLowerCase());
  if (found === undefined) return 'no-slot';
  if (!way.isAuthenticated && found.remote !== 'anyone') return 'not-allowed';
  if (!SERVICES.includes(slot)) {
    const passage = { direction: 'in', from, to, slot } as const;
    const ruling = bench.rules.rule(passage, data.length, bench.monotonic(), way);
    if (ruling !== 'pass') return ruling;
  }
  return found.isFull ? 'queue-full' : 'delivered';
}
