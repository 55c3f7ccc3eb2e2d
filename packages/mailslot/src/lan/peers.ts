import type { RemoteInfo } from 'node:dgram';
import {
  ANNOUNCE_MIN_MS,
  ANNOUNCE_SPACING_MS,
  LAN_PEER_ADDRESSES,
  LAN_PEER_SILENCE_MS,
  MAX_PEERS,
} from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import { Path } from './path.js';

/** Where a packet can be sent to. */
export type Target = Pick<RemoteInfo, 'address' | 'family' | 'port'>;

/** An address at which an instance may be reached. */
export interface Candidate {
  readonly target: Target;
  readonly path: Path;
  /** When a packet came from there, or when it was told; on the monotonic clock. */
  heardAt: number;
}

/** An instance that was heard. */
export interface Peer {
  readonly instance: string;
  readonly computer: string;
  /** Where the last packet came from. */
  readonly address: Target;
  /** On the monotonic clock. */
  readonly heardAt: number;
  /** By the group. */
  readonly group: Path;
  /** The latest first. */
  readonly candidates: readonly Candidate[];
  /** Whether it ever answered a probe: older versions do not. */
  hasAnswered: boolean;
  /** When something was last to be sent to it alone. */
  soughtAt: number;
  /** Messages that went though they are known not to reach it. */
  tooLong: number;
}

interface Entry extends Peer {
  computer: string;
  /** In upper case. */
  key: string;
  address: Target;
  heardAt: number;
  candidates: Candidate[];
}

/** Addresses of instances by the names of their computers, as learnt from packets whose seals were true. */
export class Peers {
  /** Least lately heard first. */
  private readonly entries = new Map<string, Entry>();
  private readonly byKey = new Map<string, Set<Entry>>();
  private readonly onChange: () => void;

  /** @param onChange is called when somebody is new, was silent for long, or is gone */
  constructor(onChange: () => void = () => {}) {
    this.onChange = onChange;
  }

  heard(instance: string, computer: string, address: Target, now: number): void {
    const known = this.entries.get(instance);
    if (known === undefined || known.computer !== computer) {
      if (known !== undefined) this.forget(known);
      this.add(newEntry(instance, computer, address, now));
      return;
    }
    const wasSilent = !this.isLive(known, now);
    known.heardAt = now;
    this.entries.delete(instance);
    this.entries.set(instance, known);
    if (known.address.address !== address.address || known.address.port !== address.port) {
      known.address = address;
      this.heardFrom(known, address, now);
    }
    if (wasSilent) this.onChange();
  }

  /** An instance has, or says that it has, this address. */
  learn({ instance }: Peer, target: Target, now: number): Candidate | undefined {
    const entry = this.entries.get(instance);
    if (entry === undefined) return undefined;
    const { candidates } = entry;
    const known = candidates.find((each) => isSame(each.target, target));
    if (known !== undefined) {
      known.heardAt = now;
      return known;
    }
    const candidate = { target, path: new Path(), heardAt: now };
    candidates.unshift(candidate);
    if (candidates.length > LAN_PEER_ADDRESSES) candidates.splice(worstOf(candidates), 1);
    return candidate;
  }

  /** An instance says that it has these addresses, and no others. What was shown of others is to be shown anew. */
  tells(instance: string, told: readonly Pick<Target, 'address' | 'port'>[]): void {
    // Nobody names more than so many: some may be missing.
    if (told.length === 0 || told.length >= LAN_PEER_ADDRESSES) return;
    for (const { target, path } of this.entries.get(instance)?.candidates ?? []) {
      const [address] = target.address.split('%');
      if (!told.some((each) => each.address === address && each.port === target.port)) path.doubt();
    }
  }

  get count(): number {
    return this.entries.size;
  }

  get(instance: string): Peer | undefined {
    return this.entries.get(instance);
  }

  /** Whether an instance of this computer is known, by its name in upper case. */
  knows(key: string): boolean {
    return this.byKey.has(key);
  }

  /** The instances of a computer that live; if none does, all that are known. */
  of(key: string, now: number): readonly Peer[] {
    const all = [...(this.byKey.get(key) ?? [])];
    const live = all.filter((peer) => this.isLive(peer, now));
    return live.length > 0 ? live : all;
  }

  all(): readonly Peer[] {
    return [...this.entries.values()];
  }

  *live(now: number): Generator<Peer> {
    for (const entry of this.entries.values()) if (this.isLive(entry, now)) yield entry;
  }

  /** As long as no three of its announcements are missing; docs/wire/browse.md. */
  isLive({ heardAt }: Peer, now: number): boolean {
    return now - heardAt <= 3.5 * Math.max(ANNOUNCE_MIN_MS, this.entries.size * ANNOUNCE_SPACING_MS);
  }

  forgetSilent(now: number): void {
    for (const entry of this.entries.values()) {
      if (now - entry.heardAt <= LAN_PEER_SILENCE_MS) return;
      this.forget(entry);
    }
  }

  /** Our interfaces changed: what was shown, was shown on other ways. */
  restart(): void {
    for (const entry of this.entries.values()) {
      Object.assign(entry, { group: new Path(), tooLong: 0 });
      entry.candidates = entry.candidates.map((each) => ({ ...each, path: new Path() }));
    }
    this.onChange();
  }

  /** A new address may mean that it has moved: what was shown of its others is to be shown anew. */
  private heardFrom(entry: Entry, target: Target, now: number): void {
    const others = [...entry.candidates];
    const candidate = this.learn(entry, target, now);
    if (candidate !== undefined && !others.includes(candidate)) for (const { path } of others) path.doubt();
  }

  private add(entry: Entry): void {
    if (this.entries.size >= MAX_PEERS) this.forget(this.entries.values().next().value as Entry);
    this.entries.set(entry.instance, entry);
    const same = this.byKey.get(entry.key);
    if (same === undefined) this.byKey.set(entry.key, new Set([entry]));
    else same.add(entry);
    this.onChange();
  }

  private forget(entry: Entry): void {
    this.entries.delete(entry.instance);
    const same = this.byKey.get(entry.key);
    same?.delete(entry);
    if (same?.size === 0) this.byKey.delete(entry.key);
    this.onChange();
  }
}

function newEntry(instance: string, computer: string, address: Target, now: number): Entry {
  return {
    instance,
    computer,
    key: upperCase(computer),
    address,
    heardAt: now,
    group: new Path(),
    candidates: [{ target: address, path: new Path(), heardAt: now }],
    hasAnswered: false,
    soughtAt: Number.NEGATIVE_INFINITY,
    tooLong: 0,
  };
}

function isSame(one: Target, other: Target): boolean {
  return one.address === other.address && one.port === other.port;
}

/** Which to do without: of those that nothing was shown of the one heard longest ago, whoever sends from many. */
function worstOf(candidates: readonly Candidate[]): number {
  let worst = 0;
  for (const [at, { path, heardAt }] of candidates.entries()) {
    const other = candidates[worst] as Candidate;
    const isWorse = path.shown === other.path.shown ? heardAt < other.heardAt : path.shown < other.path.shown;
    if (at > 0 && isWorse) worst = at;
  }
  return worst;
}
