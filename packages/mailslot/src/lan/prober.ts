import {
  LAN_BASE_PACKET,
  LAN_LONGEST_PROBE,
  LAN_PROBE_ASKED,
  LAN_PROBE_CREDIT,
  LAN_PROBE_PEER_MS,
  LAN_PROBE_REFRESH_MS,
  LAN_PROBE_SPREAD_MS,
  LAN_PROBE_USED_MS,
  LAN_PROBE_WAIT_MS,
  LAN_PROOF_SLACK_MS,
  LAN_TRIED_ADDRESSES,
  MAX_PROBE_CREDIT,
  MAX_PROBE_ROUNDS,
  PROBE_MS,
} from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import { type Path, probeFor, sizesUpTo } from './path.js';
import type { Candidate, Peer, Peers, Target } from './peers.js';
import type { ProbeAnswer } from './probe-message.js';
import { goodOf, type Route, routeTo } from './route.js';

/** One try: packets of several lengths with one nonce, to the group or to an address. */
interface Round {
  readonly nonce: string;
  /** `undefined`: the group. */
  readonly candidate: Candidate | undefined;
  /** The paths of those that are asked and have not answered all, by their instances. */
  readonly open: Map<string, Path>;
  alarm: Alarm | undefined;
}

/** A packet that is to be as long as that. */
export interface ProbePacket {
  readonly nonce: string;
  /** Whether somebody who is asked has not answered before. */
  readonly isUnheard: boolean;
  readonly asked: readonly string[];
  readonly size: number;
  /** `undefined`: to the group. */
  readonly target: Target | undefined;
}

/** What the prober works with. */
export interface ProberParts {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether an address is in the subnet of an interface of ours. */
  readonly isNear: (target: Target) => boolean;
  /** The shortest packet that is of use: less than the base only where an interface of ours carries less. */
  readonly floor: () => number;
  readonly send: (packet: ProbePacket) => void;
}

/**
 * Finds out how long packets may be, and which addresses are good: by asking those to whom something is sent, when it
 * would be of use to know. Who sends nothing asks nothing.
 */
export class Prober {
  private readonly parts: ProberParts;
  private readonly rounds = new Map<string, Round>();
  private groupRound: Round | undefined;
  /** How many answers may be asked of the group. */
  private credit = 0;
  /** The longest packet that the group was to take since the last round. */
  private wanted = 0;
  /** Nobody was due when it was last looked, and so is nobody until then. */
  private restsUntil = 0;
  private askedAllAt = Number.NEGATIVE_INFINITY;
  /** How long a packet to the group may be, and until when that is trusted. */
  private limit = { bytes: 0, until: Number.NEGATIVE_INFINITY };

  constructor(parts: ProberParts) {
    this.parts = parts;
  }

  /** Somebody came, went, or answered. */
  changed(): void {
    this.limit.until = Number.NEGATIVE_INFINITY;
    this.restsUntil = 0;
  }

  /** How long a packet to the group may be: what every member that lives has lately shown. */
  get groupLimit(): number {
    const { now } = this;
    if (now <= this.limit.until) return this.limit.bytes;
    const sizes: number[] = [];
    let until = now + this.trust;
    for (const { group } of this.parts.peers.live(now)) {
      sizes.push(group.heldSince(this.since));
      const end = group.trustedUntil(this.trust);
      if (end >= now) until = Math.min(until, end);
    }
    this.limit = { bytes: this.limitOf(sizes), until };
    return this.limit.bytes;
  }

  /** How long a packet to one computer may be, by its name in upper case. */
  limitTo(key: string): number {
    const all = this.parts.peers.of(key, this.now);
    return this.limitOf(
      all.map((peer) => this.bestOf(pathsOf(peer, this.routeTo(peer, LAN_BASE_PACKET).candidates))),
    );
  }

  /** Where a packet of that size for an instance goes. */
  routeTo(peer: Peer, size: number): Route {
    return routeTo(peer, size, this.since, this.parts.isNear);
  }

  /** Whether all instances of a computer have lately answered, by one of the paths to each. */
  reaches(key: string): boolean {
    const all = this.parts.peers.of(key, this.now);
    return all.length > 0 && all.every((peer) => allPathsOf(peer).some((path) => path.arrives(this.now)));
  }

  /** Longer packets are known not to arrive at any instance of a computer, by none of the paths to it. */
  lostOver(key: string): number {
    const paths = this.parts.peers.of(key, this.now).flatMap(allPathsOf);
    return paths.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...paths.map(({ limit }) => limit));
  }

  /** The longest packet that was shown to arrive at an instance of a computer, by one of the paths to it. */
  shownTo(key: string): number {
    const paths = this.parts.peers.of(key, this.now).flatMap(allPathsOf);
    return Math.max(0, ...paths.map(({ shown }) => shown));
  }

  /** The longest packet that arrives at every instance of a computer, as far as is known now. */
  heldTo(key: string): number {
    return this.limitOf(this.parts.peers.of(key, this.now).map((peer) => this.bestOf(allPathsOf(peer))));
  }

  /** A packet went to the group. `isFull`: a longer one would have been of use. */
  sentToGroup(size: number, isFull: boolean): void {
    if (!isFull && size <= LAN_BASE_PACKET) return;
    this.earn(Math.ceil(size / LAN_BASE_PACKET));
    this.wanted = Math.max(this.wanted, probeFor(size));
    this.probeGroup();
  }

  /** A packet went, or is to go, to one instance. */
  sentTo(peer: Peer, size: number, isFull: boolean): void {
    peer.soughtAt = this.now;
    const { candidates, isByGroup } = this.routeTo(peer, size);
    const wanted = isFull ? probeFor(size) : LAN_BASE_PACKET;
    // One address may lose what another one carries.
    const inUse = isFull ? upToFirst(goodOf(peer), ({ path }) => !path.loses(wanted)) : candidates;
    for (const each of new Set([...inUse, ...candidates])) this.probe(peer, each, wanted);
    if (!isByGroup) return;
    // It goes by the group as well until an address answers, which is soon.
    if (candidates.length > 0 && !isFull) return;
    if (candidates.length === 0) this.seek(peer);
    if (isFull) this.wanted = Math.max(this.wanted, probeFor(size));
    this.earn(Math.ceil(size / LAN_BASE_PACKET));
    this.probeGroup();
  }

  /** Asks everybody for everything, as far as one try goes: somebody wants to know. */
  askAll(): void {
    // Who asks again meanwhile is served by the same answers.
    if (this.now - this.askedAllAt < PROBE_MS) return;
    this.askedAllAt = this.now;
    this.abandon();
    this.earn(MAX_PROBE_CREDIT);
    this.wanted = LAN_LONGEST_PROBE;
    for (const peer of this.parts.peers.live(this.now)) {
      if (this.rounds.size >= LAN_PROBE_ASKED) break;
      peer.soughtAt = this.now;
      this.seek(peer);
      for (const each of goodOf(peer)) this.probe(peer, each, LAN_LONGEST_PROBE);
    }
    this.restsUntil = 0;
    this.probeGroup();
  }

  /** An instance answered, and named its addresses; those that are near are worth a try. */
  answered(instance: string, answer: ProbeAnswer, told: readonly Target[]): void {
    const { peers } = this.parts;
    peers.tells(instance, answer.addresses);
    const peer = peers.get(instance);
    const round = this.rounds.get(answer.nonce);
    const path = round?.open.get(instance);
    if (peer === undefined || round === undefined || path === undefined) return;
    // On its way somebody else may have sent it on: it counts if it came to where it was sent.
    if (!isWhereItWasSent(round, answer)) return;
    peer.hasAnswered = true;
    for (const target of told) peers.learn(peer, target, this.now);
    if (path.answered(answer.size, this.now)) round.open.delete(instance);
    this.changed();
    if (round.open.size === 0) this.end(round);
    if (this.now - peer.soughtAt <= LAN_PROBE_REFRESH_MS) this.seek(peer);
  }

  /** Tries that are under way are over without a result: they began under other circumstances. */
  abandon(): void {
    for (const { alarm, open } of this.rounds.values()) {
      alarm?.cancel();
      for (const path of open.values()) path.abandon();
    }
    this.rounds.clear();
    this.groupRound = undefined;
  }

  private get now(): number {
    return this.parts.clock.monotonic();
  }

  /** After how long what is in use is shown again. */
  private get refresh(): number {
    const wished = Math.max(LAN_PROBE_USED_MS, this.parts.peers.count * LAN_PROBE_PEER_MS);
    return Math.min(wished, LAN_PROBE_REFRESH_MS);
  }

  /** For how long what was shown is trusted: in use it is shown again before. */
  private get trust(): number {
    return this.refresh + LAN_PROOF_SLACK_MS;
  }

  /** What was shown before counts no more. */
  private get since(): number {
    return this.now - this.trust;
  }

  /** The longest packet that one of these paths carries. */
  private bestOf(paths: readonly Path[]): number {
    return Math.max(0, ...paths.map((path) => path.heldSince(this.since)));
  }

  private earn(packets: number): void {
    this.credit = Math.min(MAX_PROBE_CREDIT, this.credit + packets * LAN_PROBE_CREDIT);
  }

  private limitOf(sizes: readonly number[]): number {
    const least = sizes.reduce((limit, held) => Math.min(limit, held), Number.POSITIVE_INFINITY);
    const floor = this.parts.floor();
    return sizes.length === 0 ? floor : Math.max(floor, least);
  }

  /** Tries the addresses of an instance of which none is good yet: those that are near before others. */
  private seek(peer: Peer): void {
    const { isNear } = this.parts;
    const near = peer.candidates.filter(({ target }) => isNear(target));
    const far = peer.candidates.filter(({ target }) => !isNear(target));
    for (const each of [...near, ...far].slice(0, LAN_TRIED_ADDRESSES))
      this.probe(peer, each, LAN_BASE_PACKET);
  }

  /** Who gets no long packets by one path may get them at an address: it is tried before they go there. */
  private seekLonger(open: ReadonlyMap<string, Path>): void {
    for (const [instance, { lostFrom }] of open) {
      const peer = this.parts.peers.get(instance);
      if (peer === undefined || !Number.isFinite(lostFrom)) continue;
      for (const each of goodOf(peer)) this.probe(peer, each, probeFor(lostFrom));
    }
  }

  private probe({ instance }: Peer, candidate: Candidate, wanted: number): void {
    const top = candidate.path.due(wanted, this.now, this.refresh);
    if (top === 0 || this.rounds.size >= MAX_PROBE_ROUNDS) return;
    this.begin(new Map([[instance, candidate.path]]), top, candidate);
  }

  /** Asks those members of which it is not known, or not known any more, whether they get packets as long as wanted. */
  private probeGroup(): void {
    if (this.groupRound !== undefined || this.now < this.restsUntil) return;
    const asked = new Map<string, Path>();
    let highest = 0;
    for (const { instance, group, soughtAt } of this.parts.peers.live(this.now)) {
      if (asked.size >= Math.min(LAN_PROBE_ASKED, this.credit)) break;
      const isSought = this.now - soughtAt <= LAN_PROBE_REFRESH_MS;
      const wanted = this.wanted === 0 && isSought ? LAN_BASE_PACKET : this.wanted;
      const top = wanted === 0 ? 0 : group.due(wanted, this.now, this.refresh);
      if (top === 0) continue;
      asked.set(instance, group);
      highest = Math.max(highest, top);
    }
    if (asked.size === 0) {
      this.wanted = 0;
      this.restsUntil = this.now + LAN_PROBE_WAIT_MS;
      return;
    }
    this.credit -= asked.size;
    this.groupRound = this.begin(asked, highest, undefined);
  }

  private begin(open: Map<string, Path>, top: number, candidate: Candidate | undefined): Round {
    const { clock, random, send } = this.parts;
    const nonce = Buffer.from(random.bytes(8)).toString('hex');
    const round: Round = { nonce, candidate, open, alarm: undefined };
    this.rounds.set(nonce, round);
    const tries = Math.max(...Array.from(open.values(), (path) => path.begin(top)));
    const asked = [...open.keys()];
    const wait = LAN_PROBE_WAIT_MS * 2 ** (tries - 1) + asked.length * LAN_PROBE_SPREAD_MS;
    round.alarm = clock.afterIdle(wait, () => this.end(round));
    const isUnheard = Array.from(open.values()).some((path) => path.isUnheard);
    for (const size of sizesUpTo(top)) send({ nonce, isUnheard, asked, size, target: candidate?.target });
    return round;
  }

  /** All have answered, or the time is over; who has not answered is asked again. */
  private end(round: Round): void {
    const { nonce, candidate, open, alarm } = round;
    alarm?.cancel();
    this.rounds.delete(nonce);
    for (const path of open.values()) path.timedOut(this.now);
    this.changed();
    if (round === this.groupRound) {
      this.groupRound = undefined;
      this.seekLonger(open);
      this.probeGroup();
      return;
    }
    const [instance] = open.keys();
    const peer = instance === undefined ? undefined : this.parts.peers.get(instance);
    if (peer === undefined || candidate === undefined) return;
    this.probe(peer, candidate, 0);
    if (Number.isFinite(candidate.path.lostFrom)) this.seekLonger(open);
  }
}

/** Those of these addresses; if there is none, the group. */
function pathsOf({ group }: Peer, candidates: readonly Candidate[]): readonly Path[] {
  return candidates.length === 0 ? [group] : candidates.map(({ path }) => path);
}

function allPathsOf(peer: Peer): readonly Path[] {
  return [peer.group, ...goodOf(peer).map(({ path }) => path)];
}

/** The first ones, with the first that will do as the last. */
function upToFirst<T>(all: readonly T[], willDo: (each: T) => boolean): readonly T[] {
  const at = all.findIndex(willDo);
  return at < 0 ? all : all.slice(0, at + 1);
}

function isWhereItWasSent({ candidate }: Round, { isByGroup, addresses }: ProbeAnswer): boolean {
  const [at] = addresses;
  if (candidate === undefined || isByGroup) return candidate === undefined && isByGroup;
  const [address] = candidate.target.address.split('%');
  return at?.address === address && at?.port === candidate.target.port;
}
