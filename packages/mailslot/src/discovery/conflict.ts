import { type Peer, stateOf } from './peer.js';

/**
 * Of the instances of one name those that are in conflict: they are on different machines, and each was heard after
 * the other had come. A machine that started anew is another one by its word, but its former self is never heard again.
 */
export function inConflict(peers: readonly Peer[], now: number): Peer[] {
  const present = peers.filter((peer) => stateOf(peer, now) !== 'gone');
  return present.filter((one) => present.some((other) => areInConflict(one, other)));
}

function areInConflict(one: Peer, other: Peer): boolean {
  if (one.facts.machine === other.facts.machine || shareAddress(one, other)) return false;
  return one.heardAt > other.firstHeardAt && other.heardAt > one.firstHeardAt;
}

/** Two instances of one machine may tell it by different words, where the system has no good one. */
function shareAddress(one: Peer, other: Peer): boolean {
  const hosts = one.addresses.map(hostOf);
  return other.addresses.some((address) => hosts.includes(hostOf(address)));
}

/** An address without its port. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}
