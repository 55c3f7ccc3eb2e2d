import type { Clock } from '../ports/clock.js';
import { inConflict } from './conflict.js';
import { type Computer, type Peer, type State, stateOf } from './peer.js';

/** One of several machines that use one name. */
interface Claimant {
  readonly instance: string;
  /** Where it was heard from; empty: this very computer. */
  readonly address: string;
  readonly since: number;
}

/** One computer of a domain. Times are milliseconds since 1970 by this computer's clock. */
export interface ComputerEntry {
  readonly name: string;
  readonly domain: string;
  /** The transports by which it is heard, as `lan`: the first is the one it is written by. `loop` for this computer. */
  readonly transports: readonly string[];
  /** Where it was heard from, `10.99.0.11:51234`; none for this computer. */
  readonly addresses: readonly string[];
  /** Redirectors that run there now: one for each user or container that has its own. */
  readonly instances: number;
  /** Since when the oldest of them has been running. */
  readonly since: number;
  readonly lastSeen: number;
  /** Services that it offers, as `messenger`; sorted. */
  readonly offers: readonly string[];
  /**
   * `here`; `silent`: an announcement is missing; `gone`: it said goodbye, or three announcements in a row are missing.
   * What is gone is listed for ten more minutes.
   */
  readonly state: State;
  /** Machines that use this name against each other; `undefined` if there is no such conflict. */
  readonly conflict: readonly Claimant[] | undefined;
}

/** @param transports by which it was heard lately, if there is a choice */
export function entryOf(
  computer: Computer,
  domain: string,
  transports: readonly string[],
  clock: Clock,
): ComputerEntry {
  const now = clock.monotonic();
  const all = computer.peers.toSorted((one, other) => other.heardAt - one.heardAt);
  const living = all.filter((peer) => stateOf(peer, now) !== 'gone');
  // Of one that is gone, what it was at last.
  const shown = living.length > 0 ? living : all.slice(0, 1);
  const wallTime = (at: number): number => Math.round(clock.now() - now + at);
  const since = (peers: readonly Peer[]): number =>
    wallTime(Math.min(...peers.map((peer) => peer.startedAt)));
  const rivals = computer.isContested ? inConflict(living, now) : [];
  return {
    name: computer.name,
    domain,
    transports: transports.length > 0 ? transports : distinct(shown.map(({ via }) => via)),
    addresses: distinct(shown.flatMap(({ addresses }) => addresses)),
    instances: living.length,
    since: since(shown),
    lastSeen: wallTime(shown[0]?.heardAt ?? now),
    offers: distinct(shown.flatMap(({ facts }) => facts.offers)).sort(),
    state: computer.state,
    conflict: rivals.length === 0 ? undefined : rivals.map((peer) => claimant(peer, since([peer]))),
  };
}

function claimant({ instance, addresses }: Peer, since: number): Claimant {
  return { instance, address: addresses[0] ?? '', since };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
