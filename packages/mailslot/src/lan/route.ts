import type { Candidate, Peer, Target } from './peers.js';

/**
 * Where a packet for one instance goes; `undefined`: to the group.
 *
 * An address counts that has answered. One that is near is first tried, while the group carries what is to be sent; where
 * it has not answered, the group goes on to do so. Who never answers at all may be of an older version: of such a one a
 * near address has to do.
 */
export function routeTo(peer: Peer, isNear: (target: Target) => boolean): Candidate | undefined {
  const good = peer.candidates.find(({ path }) => path.shown > 0 && !path.isDoubtful);
  if (good !== undefined) return good;
  const near = peer.candidates.filter(({ target }) => isNear(target));
  const isUndecided = near.some(({ path }) => !path.hasFailed);
  return isUndecided || peer.hasAnswered ? near.find(({ target }) => isLoopback(target)) : near[0];
}

/** Nobody stands between: it needs no proof. */
function isLoopback({ address }: Target): boolean {
  return address.startsWith('127.') || address === '::1';
}
