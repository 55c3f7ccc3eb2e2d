import type { Candidate, Peer, Target } from './peers.js';

/** Where a packet for one instance goes: to each of these addresses, and to the group as well or alone. */
export interface Route {
  readonly candidates: readonly Candidate[];
  readonly isByGroup: boolean;
}

/**
 * Where a packet of that size goes: to the address that has shown to get it since `since`. As long as none has, it goes by
 * all that may carry it, the group among them, for each packet is delivered once.
 *
 * An address counts that has answered. One that is near is first tried, while the group carries what is to be sent; where
 * it has not answered, the group goes on to do so. Who never answers at all may be of an older version: of such a one a
 * near address has to do.
 */
export function routeTo(peer: Peer, size: number, since: number, isNear: (target: Target) => boolean): Route {
  const good = goodOf(peer);
  const fit = good.find(({ path }) => path.carries(size, since));
  if (fit !== undefined) return only(fit);
  if (good.length > 0) {
    const candidates = good.filter(({ path }) => !path.loses(size));
    return { candidates, isByGroup: candidates.length === 0 || !peer.group.loses(size) };
  }
  const near = peer.candidates.filter(({ target }) => isNear(target));
  const isUndecided = near.some(({ path }) => !path.hasFailed);
  return only(isUndecided || peer.hasAnswered ? near.find(({ target }) => isLoopback(target)) : near[0]);
}

/** The addresses that have answered. */
export function goodOf({ candidates }: Peer): readonly Candidate[] {
  return candidates.filter(({ path }) => path.shown > 0 && !path.isDoubtful);
}

function only(candidate: Candidate | undefined): Route {
  return candidate === undefined
    ? { candidates: [], isByGroup: true }
    : { candidates: [candidate], isByGroup: false };
}

/** Nobody stands between: it needs no proof. */
function isLoopback({ address }: Target): boolean {
  return address.startsWith('127.') || address === '::1';
}
