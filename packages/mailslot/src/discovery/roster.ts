import {
  CLAIM_MS,
  FORGET_MS,
  MAX_ADDRESSES,
  MAX_HEARSAY,
  MAX_PEERS,
  MAX_PEERS_PER_COMPUTER,
  SETTLE_MS,
  UNSETTLED_MS,
} from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import { isComputerName } from './computer-name.js';
import { inConflict } from './conflict.js';
import type { Facts } from './facts.js';
import { type Computer, type Peer, type Standing, type State, stateOf, stateOfComputer } from './peer.js';
import type { RosterEntry } from './roster-part.js';
import { goneAfter } from './schedule.js';

/** What may happen to a computer. */
export type Change = 'appeared' | 'silent' | 'returned' | 'gone' | 'conflict';

/** Who sent an announcement, by its envelope. */
export interface Source {
  readonly instance: string;
  readonly computer: string;
  readonly via: string;
  /** Empty: this very instance. */
  readonly address: string;
}

/**
 * Who is there in one domain, this instance included. Times are those of the monotonic clock.
 *
 * Members can make up others. So what was only told never decides about room, nor how often to announce, and makes no
 * difference to what was heard here; and what one packet can have made up counts for half a minute.
 */
export class Roster {
  /** What was said in vain: there are too many instances, or the computer's name cannot be one, or was another before. */
  refused = 0;
  // All in the order in which they were heard last: what must go to make room comes first.
  private readonly living: Readonly<Record<Standing, Map<string, Peer>>> = {
    told: new Map(),
    heard: new Map(),
    settled: new Map(),
  };
  private readonly gone = new Map<string, Peer>();
  private readonly byName = new Map<string, Computer>();
  private readonly changed: (change: Change, computer: Computer) => void;
  private readonly bound: number;

  constructor(changed: (change: Change, computer: Computer) => void, bound: number = MAX_PEERS) {
    this.changed = changed;
    this.bound = bound;
  }

  /** Instances that are here or silent. */
  get count(): number {
    const { told, heard, settled } = this.living;
    return told.size + heard.size + settled.size;
  }

  /** How many instances there are to share the network with: those that are settled, or were heard just now. */
  population(now: number): number {
    let count = this.living.settled.size;
    for (const { heardAt } of this.living.heard.values()) if (now - heardAt <= UNSETTLED_MS) count += 1;
    return count;
  }

  /** Those that are here or silent, best known first. */
  *peers(): Generator<Peer> {
    for (const standing of BEST_FIRST) yield* this.living[standing].values();
  }

  /** What a newcomer is told. */
  *entries(now: number): Generator<RosterEntry> {
    for (const { instance, computer, addresses, heardAt, facts } of this.peers()) {
      yield { instance, computer: computer.name, address: addresses[0] ?? '', ageMs: now - heardAt, facts };
    }
  }

  computers(): Iterable<Computer> {
    return this.byName.values();
  }

  find(name: string): Computer | undefined {
    return this.byName.get(upperCase(name));
  }

  /** An instance said that it is here. */
  announced(source: Source, facts: Facts, asks: boolean, now: number): void {
    const peer = this.heard(source, facts, now);
    if (!peer) return;
    peer.asks = asks;
    peer.via = source.via;
    if (source.address !== '') {
      const others = peer.addresses.filter((address) => address !== source.address);
      peer.addresses = [source.address, ...others].slice(0, MAX_ADDRESSES);
    }
    this.review(peer.computer, now);
  }

  /**
   * A member told of another instance. Its word counts where it heard that one later than we did, and of one that was heard
   * here it says no more than that it is still there.
   */
  told(entry: RosterEntry, via: string, now: number): void {
    const known = this.peer(entry.instance);
    const heardAt = now - entry.ageMs;
    if (known ? known.heardAt >= heardAt : entry.ageMs > goneAfter(entry.facts.intervalMs)) return;
    const state = known && stateOf(known, now);
    if (known && known.standing !== 'told' && state !== 'gone') {
      if (state === 'silent') known.heardAt = heardAt;
      this.review(known.computer, now);
      return;
    }
    const peer = known ?? this.enter({ ...entry, via }, entry.facts, heardAt, 'told');
    if (!peer || !isNamed(peer.computer, entry.computer)) {
      this.refused += 1;
      return;
    }
    this.keep(peer, 'told', entry.facts, heardAt);
    this.review(peer.computer, now);
  }

  /** An instance said goodbye. */
  left(instance: string, now: number): void {
    const peer = this.present(instance);
    if (!peer) return;
    peer.hasLeft = true;
    peer.heardAt = now;
    this.bury(peer);
    this.review(peer.computer, now);
  }

  /** An instance said that it is the successor of another one. */
  replaced(former: string, by: string, now: number): void {
    const [old, fresh] = [this.present(former), this.present(by)];
    const isSame = old?.computer === fresh?.computer && old?.facts.machine === fresh?.facts.machine;
    if (old !== fresh && isSame) this.left(former, now);
  }

  /** Finds who is overdue, and forgets who has long been gone. */
  age(now: number): void {
    for (const peer of this.peers()) {
      const state = stateOf(peer, now);
      if (state === 'here') continue;
      if (state === 'gone') this.bury(peer);
      this.review(peer.computer, now);
    }
    for (const peer of this.gone.values()) {
      if (now - peer.heardAt > goneAfter(peer.facts.intervalMs) + FORGET_MS) this.forget(peer);
    }
  }

  /** This process was stopped, or its computer asleep, for so long: nobody is to blame for not having been heard. */
  excuse(ms: number): void {
    for (const peer of this.peers()) peer.heardAt += ms;
  }

  private present(instance: string): Peer | undefined {
    const { told, heard, settled } = this.living;
    return settled.get(instance) ?? heard.get(instance) ?? told.get(instance);
  }

  private peer(instance: string): Peer | undefined {
    return this.present(instance) ?? this.gone.get(instance);
  }

  /** The entry of an instance that was heard here, brought up to date; undefined if there is no room for it. */
  private heard(source: Source, facts: Facts, now: number): Peer | undefined {
    const known = this.peer(source.instance);
    // An instance keeps its name, but no member keeps another one's by claiming it once.
    const isClaimed = known && !isNamed(known.computer, source.computer);
    if (isClaimed && known.standing !== 'told' && now - known.heardAt <= CLAIM_MS) {
      this.refused += 1;
      return undefined;
    }
    if (isClaimed) this.forget(known);
    const peer = (isClaimed ? undefined : known) ?? this.enter(source, facts, now, 'heard');
    if (!peer) {
      this.refused += 1;
      return undefined;
    }
    if (peer.standing === 'told') peer.hereSince = now;
    const isSettled = peer.standing === 'settled' || now - peer.hereSince >= SETTLE_MS;
    this.keep(peer, isSettled ? 'settled' : 'heard', facts, now);
    return peer;
  }

  /** Puts an instance behind all that were heard before it. */
  private keep(peer: Peer, standing: Standing, facts: Facts, heardAt: number): void {
    const { instance } = peer;
    this.living[peer.standing].delete(instance);
    this.gone.delete(instance);
    peer.standing = standing;
    peer.facts = facts;
    peer.heardAt = heardAt;
    peer.hasLeft = false;
    this.living[standing].set(instance, peer);
  }

  private enter(source: Source, facts: Facts, heardAt: number, standing: Standing): Peer | undefined {
    const key = upperCase(source.computer);
    if (!this.byName.has(key) && !isComputerName(source.computer)) return undefined;
    if (standing === 'told' && this.living.told.size >= Math.min(MAX_HEARSAY, this.bound / 2))
      return undefined;
    const crowded = this.byName.get(key);
    if (crowded && crowded.peers.length >= MAX_PEERS_PER_COMPUTER) {
      if (standing === 'told') return undefined;
      this.forgetOldestOf(crowded);
    }
    if (this.count + this.gone.size >= this.bound && !this.makeRoom(standing)) return undefined;
    // Only now: making room may have been the end of the computer itself.
    const computer = this.byName.get(key) ?? newComputer(key, source.computer);
    const peer: Peer = {
      instance: source.instance,
      computer,
      via: source.via,
      addresses: source.address === '' ? [] : [source.address],
      facts,
      asks: false,
      standing,
      hereSince: heardAt,
      firstHeardAt: heardAt,
      heardAt,
      startedAt: heardAt - facts.runningSeconds * 1000,
      hasLeft: false,
    };
    computer.peers.push(peer);
    this.byName.set(key, computer);
    return peer;
  }

  private bury(peer: Peer): void {
    this.living[peer.standing].delete(peer.instance);
    this.gone.set(peer.instance, peer);
  }

  private forget(peer: Peer): void {
    this.living[peer.standing].delete(peer.instance);
    this.gone.delete(peer.instance);
    peer.computer.peers.splice(peer.computer.peers.indexOf(peer), 1);
    if (peer.computer.peers.length === 0) this.byName.delete(peer.computer.key);
  }

  /** A redirector that keeps starting anew leaves many instances; the latest is the one that counts. */
  private forgetOldestOf({ peers }: Computer): void {
    const [first, ...others] = peers;
    if (first)
      this.forget(others.reduce((oldest, each) => (goesBefore(each, oldest) ? each : oldest), first));
  }

  /** Forgets who is gone; else, for one that was heard here, who is known least, and of those who was heard longest ago. */
  private makeRoom(standing: Standing): boolean {
    const [gone] = this.gone.values();
    const { told, heard, settled } = this.living;
    const [oldest] = standing === 'told' ? [] : firstOf(told, heard, settled);
    const victim = gone ?? oldest;
    if (victim) this.forget(victim);
    return victim !== undefined;
  }

  /** Tells what became of a computer. */
  private review(computer: Computer, now: number): void {
    const before = computer.state;
    const wasContested = computer.isContested;
    computer.state = stateOfComputer(computer, now);
    computer.isContested = computer.peers.length > 1 && inConflict(computer.peers, now).length > 0;
    if (!computer.isTold) this.changed('appeared', computer);
    else if (computer.state !== before) this.changed(CHANGES[computer.state], computer);
    computer.isTold = true;
    if (computer.isContested && !wasContested) this.changed('conflict', computer);
  }
}

const BEST_FIRST: readonly Standing[] = ['settled', 'heard', 'told'];

/** The first entry of the first of them that has one. */
function firstOf(...maps: readonly Map<string, Peer>[]): Peer[] {
  const [peer] = maps.find(({ size }) => size > 0)?.values() ?? [];
  return peer === undefined ? [] : [peer];
}

/** Whether one goes before the other where there are too many. */
function goesBefore(one: Peer, other: Peer): boolean {
  const [rank, otherRank] = [one, other].map(({ standing }) => BEST_FIRST.indexOf(standing)) as [
    number,
    number,
  ];
  return rank === otherRank ? one.heardAt < other.heardAt : rank > otherRank;
}

const CHANGES: Readonly<Record<State, Change>> = { here: 'returned', silent: 'silent', gone: 'gone' };

function isNamed(computer: Computer, name: string): boolean {
  return computer.name === name || computer.key === upperCase(name);
}

function newComputer(key: string, name: string): Computer {
  return { key, name, peers: [], state: 'here', isTold: false, isContested: false };
}
