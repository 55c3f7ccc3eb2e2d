import type { KeyObject } from 'node:crypto';
import { MAX_COPIES, MAX_SESSIONS, NEW_SESSIONS_PER_SECOND } from '../limits.js';
import type { TransportDrop } from '../transport/transport.js';
import { type Head, tagOfSession } from './head.js';
import type { KeyRing } from './key-ring.js';
import type { Letter } from './message-reader.js';
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
  readonly seen: ReplayWindow[];
  /** In which second it was last heard. */
  heardIn: number;
  /** Whose it is; empty: nobody's yet. */
  computer: string;
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
  private allowance = NEW_SESSIONS_PER_SECOND;
  private second = 0;

  constructor(parts: SessionsParts) {
    this.parts = parts;
  }

  get count(): number {
    return this.known.size;
  }

  /** The session that the packet claims to be of, if it is worth opening with its key. */
  admit({ session, counter }: Head): Session | Refusal {
    const known = this.known.get(session);
    if (known !== undefined) return this.seenBefore(known, counter) ?? known;
    const { ring, isOwn } = this.parts;
    const key = ring.ofTag(tagOfSession(session));
    if (key === undefined) return 'foreign';
    if (isOwn(session)) return 'own';
    if (this.allowance === 0) return 'flood';
    this.allowance -= 1;
    return {
      name: session,
      key: sealingKeyOf(key.secret, ring.domain, session),
      keyId: key.id,
      seen: [new ReplayWindow()],
      heardIn: -1,
      computer: '',
    };
  }

  /** The seal was true: from now on the session is known and the packet seen. */
  opened(session: Session, { counter }: Head, letter: Letter | TransportDrop): void {
    session.seen[0]?.add(counter);
    if (typeof letter === 'object') session.computer = letter.computer;
    if (session.heardIn === this.second) return;
    session.heardIn = this.second;
    this.known.delete(session.name);
    this.known.set(session.name, session);
    if (this.known.size > MAX_SESSIONS) this.known.delete(this.known.keys().next().value as string);
  }

  /** A second has passed. */
  tick(): void {
    this.second += 1;
    this.allowance = NEW_SESSIONS_PER_SECOND;
  }

  /** The ring has changed: what was sealed with a key that is gone is foreign now. */
  keysChanged(): void {
    const ids = new Set(this.parts.ring.keys.map(({ id }) => id));
    for (const { name, keyId } of this.known.values()) if (!ids.has(keyId)) this.known.delete(name);
  }

  /**
   * A packet comes once by each way, so that many are copies, and what comes more often is a replay. The marks for copies
   * are made without opening anything: they only tell copies from replays, and neither is delivered.
   */
  private seenBefore({ seen }: Session, counter: number): 'copy' | 'replay' | undefined {
    if (!seen[0]?.has(counter)) return undefined;
    if (seen[0].isPast(counter)) return 'replay';
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
