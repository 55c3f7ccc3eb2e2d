import type { Facts } from './facts.js';
import { goneAfter, silentAfter } from './schedule.js';

/** How a computer or an instance stands: it keeps announcing itself, is overdue, or has left or is taken for lost. */
export type State = 'here' | 'silent' | 'gone';

/**
 * How an instance is known, the weakest first: another one told of it; it was heard here; it was heard here at two moments
 * that lie apart.
 */
export type Standing = 'told' | 'heard' | 'settled';

/** One instance, as this one knows it. Times are those of the monotonic clock. */
export interface Peer {
  readonly instance: string;
  readonly computer: Computer;
  /** The transport it came by last. */
  via: string;
  /** Where it was heard from, the latest first. */
  addresses: readonly string[];
  facts: Facts;
  /** Whether it was waiting for the roster when it was heard last. */
  asks: boolean;
  standing: Standing;
  /** When it was heard here first; of no meaning for what others told. */
  hereSince: number;
  readonly firstHeardAt: number;
  heardAt: number;
  readonly startedAt: number;
  hasLeft: boolean;
}

/** All instances that use one name. */
export interface Computer {
  /** The name in upper case. */
  readonly key: string;
  /** As its first instance spells it. */
  readonly name: string;
  readonly peers: Peer[];
  state: State;
  /** Whether anybody was told of it yet. */
  isTold: boolean;
  /** Whether machines that are not the same use this name. */
  isContested: boolean;
}

export function stateOf(peer: Peer, now: number): State {
  const silence = now - peer.heardAt;
  if (peer.hasLeft || silence > goneAfter(peer.facts.intervalMs)) return 'gone';
  return silence > silentAfter(peer.facts.intervalMs) ? 'silent' : 'here';
}

/** A computer is as its best instance is. */
export function stateOfComputer({ peers }: Computer, now: number): State {
  let best: State = 'gone';
  for (const peer of peers) {
    const state = stateOf(peer, now);
    if (state === 'here') return state;
    if (state === 'silent') best = state;
  }
  return best;
}
