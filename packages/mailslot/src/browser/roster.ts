import { FORGET_MS, MAX_ADDRESSES, MAX_PEERS, MAX_PEERS_PER_COMPUTER } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import { isComputerName } from './computer-name.js';
import { inConflict } from './conflict.js';
import type { Facts } from './facts.js';
import { type Computer, type Peer, type State, stateOf, stateOfComputer } from './peer.js';
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

/** Who is there in one domain, this instance included. Times are those of the monotonic clock. */
export class Roster {
  /** What was said in vain: there are too many instances, or the computer's name cannot be one, or was another before. */
  refused = 0;
  // Both in the order in which they were heard last: what must go to make room comes first.
  private readonly living = new Map<string, Peer>();
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
    return this.living.size;
  }

  peers(): Iterable<Peer> {
    return this.living.values();
  }

  /** What a newcomer is told. */
  *entries(now: number): Generator<RosterEntry> {
    for (const { instance, computer, addresses, heardAt, facts } of this.living.values()) {
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
    const peer = this.heard(source, facts, now, now);
    if (!peer) return;
    peer.asks = asks;
    peer.via = source.via;
    if (source.address !== '') {
      const others = peer.addresses.filter((address) => address !== source.address);
      peer.addresses = [source.address, ...others].slice(0, MAX_ADDRESSES);
    }
    this.review(peer.computer, now);
  }

  /** A member told of another instance. Its word counts where it heard that one later than we did. */
  told(entry: RosterEntry, via: string, now: number): void {
    const known = this.peer(entry.instance);
    const heardAt = now - entry.ageMs;
    if (known ? known.heardAt >= heardAt : entry.ageMs > goneAfter(entry.facts.intervalMs)) return;
    const peer = this.heard({ ...entry, via }, entry.facts, heardAt, now);
    if (peer) this.review(peer.computer, now);
  }

  /** An instance said goodbye. */
  left(instance: string, now: number): void {
    const peer = this.living.get(instance);
    if (!peer) return;
    peer.hasLeft = true;
    peer.heardAt = now;
    this.bury(peer);
    this.review(peer.computer, now);
  }

  /** An instance said that it is the successor of another one. */
  replaced(former: string, by: string, now: number): void {
    const [old, fresh] = [this.living.get(former), this.living.get(by)];
    const isSame = old?.computer === fresh?.computer && old?.facts.machine === fresh?.facts.machine;
    if (old !== fresh && isSame) this.left(former, now);
  }

  /** Finds who is overdue, and forgets who has long been gone. */
  age(now: number): void {
    for (const peer of this.living.values()) {
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
    for (const peer of this.living.values()) peer.heardAt += ms;
  }

  private peer(instance: string): Peer | undefined {
    return this.living.get(instance) ?? this.gone.get(instance);
  }

  /** The instance's entry, brought up to date; undefined if there is no room for it. */
  private heard(source: Source, facts: Facts, heardAt: number, now: number): Peer | undefined {
    const peer = this.peer(source.instance) ?? this.enter(source, facts, heardAt, now);
    // An instance keeps its name.
    if (!peer || !isNamed(peer.computer, source.computer)) {
      this.refused += 1;
      return undefined;
    }
    peer.facts = facts;
    peer.heardAt = heardAt;
    peer.hasLeft = false;
    this.gone.delete(peer.instance);
    this.living.delete(peer.instance);
    this.living.set(peer.instance, peer);
    return peer;
  }

  private enter(source: Source, facts: Facts, heardAt: number, now: number): Peer | undefined {
    const key = upperCase(source.computer);
    if (!this.byName.has(key) && !isComputerName(source.computer)) return undefined;
    const crowded = this.byName.get(key);
    if (crowded && crowded.peers.length >= MAX_PEERS_PER_COMPUTER) this.forgetOldestOf(crowded);
    if (this.living.size + this.gone.size >= this.bound && !this.makeRoom(now)) return undefined;
    // Only now: making room may have been the end of the computer itself.
    const computer = this.byName.get(key) ?? newComputer(key, source.computer);
    const peer: Peer = {
      instance: source.instance,
      computer,
      via: source.via,
      addresses: source.address === '' ? [] : [source.address],
      facts,
      asks: false,
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
    this.living.delete(peer.instance);
    this.gone.set(peer.instance, peer);
  }

  private forget(peer: Peer): void {
    this.living.delete(peer.instance);
    this.gone.delete(peer.instance);
    peer.computer.peers.splice(peer.computer.peers.indexOf(peer), 1);
    if (peer.computer.peers.length === 0) this.byName.delete(peer.computer.key);
  }

  /** A redirector that keeps starting anew leaves many instances; the latest is the one that counts. */
  private forgetOldestOf(computer: Computer): void {
    const [first, ...others] = computer.peers;
    if (first)
      this.forget(others.reduce((oldest, each) => (each.heardAt < oldest.heardAt ? each : oldest), first));
  }

  /** Forgets who is gone, or else overdue for longest; nobody who is here makes room for a stranger. */
  private makeRoom(now: number): boolean {
    const [gone] = this.gone.values();
    const [oldest] = this.living.values();
    const victim = gone ?? (oldest && stateOf(oldest, now) !== 'here' ? oldest : undefined);
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

const CHANGES: Readonly<Record<State, Change>> = { here: 'returned', silent: 'silent', gone: 'gone' };

function isNamed(computer: Computer, name: string): boolean {
  return computer.name === name || computer.key === upperCase(name);
}

function newComputer(key: string, name: string): Computer {
  return { key, name, peers: [], state: 'here', isTold: false, isContested: false };
}
