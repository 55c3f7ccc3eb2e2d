import type { KeyObject } from 'node:crypto';
import { MAX_COPIES, MAX_SESSIONS, NUMBERS_AT_ONCE, NUMBERS_PER_SECOND } from '../limits.js';
import type { Ports } from '../ports/ports.js';
import type { TransportDrop } from '../transport/transport.js';
import { Admission } from './admission.js';
import { type Head, tagOfSession } from './head.js';
import type { KeyRing } from './key-ring.js';
import type { DecodedPacket } from './message-reader.js';
import { ReplayWindow } from './replay.js';
import { sealingKeyOf } from './seal.js';

/** Why a packet is thrown away: counted, or of no interest (our own that came back, a copy by another way). */
export type Refusal = TransportDrop | 'own' | 'copy';

/** One instance of another redirector that seals with one key. */
export interface Session {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: string;
  /** What was opened, what came a second time, a third time, … */
  seen: ReplayWindow[];
  /** In which second it was last heard. */
  heardIn: number;
  /** Whose it is; empty: nobody's yet. */
  computer: string;
  /** The latest time stamp that was opened, but no later than our clock. */
  stamp: number;
  /** In which second a packet was opened that seemed to come too late. */
  triedIn: number;
}

/** Whether a session may be that computer's: it is the first one's that was heard by it. */
export function isSessionOf(session: Session, computer: string): boolean {
  return session.computer === '' || session.computer === computer;
}

/** What sessions are judged by. */
export interface SessionsParts {
  readonly ring: KeyRing;
  readonly isOwn: (session: string) => boolean;
  /** By how many interfaces and families packets come. */
  readonly ways: () => number;
  readonly ports: Pick<Ports, 'clock' | 'random'>;
}

/**
 * Decides before any cryptography whether a packet is worth opening, and remembers those that were.
 *
 * Memory is bounded by the number of sessions; only who has a key of the domain can make one.
 */
export class Sessions {
  private readonly parts: SessionsParts;
  /** Least lately heard first, by the second. */
  private readonly known = new Map<string, Session>();
  private readonly admission: Admission;
  private second = 0;

  constructor(parts: SessionsParts) {
    this.parts = parts;
    this.admission = new Admission(parts.ports.random);
  }

  get count(): number {
    return this.known.size;
  }

  /** The session that the packet claims to be of, if it is worth opening with its key. */
  admit({ session, counter, mark }: Head, source: string): Session | Refusal {
    const known = this.known.get(session);
    if (known !== undefined) return this.refusalOf(known, counter) ?? known;
    const { ring, isOwn } = this.parts;
    const key = ring.ofTag(tagOfSession(session));
    if (key === undefined) return 'foreign';
    if (isOwn(session)) return 'own';
    const isMarked = mark !== 0 && mark === ring.markOf(session);
    if (!this.admission.admits(isMarked, source)) return 'flood';
    return {
      name: session,
      key: sealingKeyOf(key.secret, ring.domain, session),
      keyId: key.id,
      seen: [new ReplayWindow()],
      heardIn: -1,
      computer: '',
      stamp: Number.NEGATIVE_INFINITY,
      triedIn: -1,
    };
  }

  /**
   * The seal was true: from now on the session is known and the packet seen. Says why not, if it seemed to come too late
   * and does.
   */
  opened(
    session: Session,
    { counter }: Pick<Head, 'counter'>,
    decoded: DecodedPacket | TransportDrop,
  ): Refusal | undefined {
    const stamp = typeof decoded === 'object' ? latestStamp(decoded) : Number.NEGATIVE_INFINITY;
    if (session.seen[0]?.isPast(counter)) {
      if (stamp <= session.stamp) return 'replay';
      // Sent later than all that was opened: a member has used up numbers that are not its own.
      session.seen = [new ReplayWindow()];
    }
    session.seen[0]?.add(counter);
    if (typeof decoded === 'object') session.computer = decoded.computer;
    session.stamp = Math.max(session.stamp, Math.min(stamp, this.parts.ports.clock.now()));
    if (session.heardIn === this.second) return undefined;
    session.heardIn = this.second;
    this.known.delete(session.name);
    this.known.set(session.name, session);
    if (this.known.size > MAX_SESSIONS) this.known.delete(this.known.keys().next().value as string);
    return undefined;
  }

  /** A second has passed. */
  tick(): void {
    this.second += 1;
    this.admission.tick();
  }

  /** The ring has changed: what was sealed with a key that is gone is foreign now. */
  keysChanged(): void {
    const ids = new Set(this.parts.ring.keys.map(({ id }) => id));
    for (const { name, keyId } of this.known.values()) if (!ids.has(keyId)) this.known.delete(name);
  }

  /**
   * A packet comes once by each way, so that many are copies, and what comes more often is a replay. The marks for copies
   * are made without opening anything: they only tell copies from replays, and neither is delivered.
   *
   * A number that no sender can have come to is not looked at. One that seems too old is, once a second: it may be the
   * true one, after somebody else has sent higher ones.
   */
  private refusalOf(session: Session, counter: number): 'copy' | 'replay' | 'forged' | undefined {
    const { seen, heardIn, triedIn } = session;
    const [opened] = seen;
    if (opened === undefined) return undefined;
    const seconds = this.second - heardIn;
    if (counter - opened.highest > NUMBERS_AT_ONCE + seconds * NUMBERS_PER_SECOND) return 'forged';
    if (!opened.has(counter)) return undefined;
    if (opened.isPast(counter)) {
      session.triedIn = this.second;
      return triedIn === this.second ? 'replay' : undefined;
    }
    const copies = Math.min(this.parts.ways(), MAX_COPIES);
    for (let copy = 1; copy < copies; copy += 1) {
      const window = seen[copy] ?? new ReplayWindow();
      if (window.has(counter)) continue;
      window.add(counter);
      seen[copy] = window;
      return 'copy';
    }
    return 'replay';
  }
}

function latestStamp({ datagrams }: DecodedPacket): number {
  return datagrams.reduce(
    (latest, { identity }) => Math.max(latest, identity.stamp),
    Number.NEGATIVE_INFINITY,
  );
}
