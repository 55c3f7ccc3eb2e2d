import type { KeyObject } from 'node:crypto';
import { MAX_LAN_SESSIONS, NEW_SESSIONS_PER_SECOND } from '../limits.js';
import type { TransportDrop } from '../transport/transport.js';
import type { Family } from './interfaces.js';
import type { KeyRing } from './key-ring.js';
import { type Head, tagOfSession } from './packet.js';
import { ReplayWindow } from './replay.js';
import { sealingKeyOf } from './seal.js';

/** Why a packet is thrown away: counted, or of no interest (our own that came back, a copy by the other family). */
export type Refusal = TransportDrop | 'own' | 'copy';

/** One instance of another redirector that seals with one key. */
export interface Session {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: string;
  /** What was seen by each family; a window is made with its first packet. */
  readonly seen: { IPv4?: ReplayWindow; IPv6?: ReplayWindow };
  /** In which second it was last heard. */
  heardIn: number;
}

/**
 * Decides before any cryptography whether a packet is worth opening, and remembers those that were.
 *
 * Memory is bounded by the number of sessions; only who has a key of the domain can make one.
 */
export class Sessions {
  private readonly ring: KeyRing;
  private readonly isOwn: (session: string) => boolean;
  /** Least lately heard first, by the second. */
  private readonly known = new Map<string, Session>();
  private allowance = NEW_SESSIONS_PER_SECOND;
  private second = 0;

  constructor(ring: KeyRing, isOwn: (session: string) => boolean) {
    this.ring = ring;
    this.isOwn = isOwn;
  }

  get count(): number {
    return this.known.size;
  }

  /** The session that the packet claims to be of, if it is worth opening with its key. */
  admit({ session, counter }: Head, family: Family): Session | Refusal {
    const known = this.known.get(session);
    if (known !== undefined) return seenBefore(known, counter, family) ?? known;
    const key = this.ring.ofTag(tagOfSession(session));
    if (key === undefined) return 'foreign';
    if (this.isOwn(session)) return 'own';
    if (this.allowance === 0) return 'flood';
    this.allowance -= 1;
    return {
      name: session,
      key: sealingKeyOf(key.secret, this.ring.domain, session),
      keyId: key.id,
      seen: {},
      heardIn: -1,
    };
  }

  /** The seal was true: from now on the session is known and the packet seen. */
  opened(session: Session, { counter }: Head, family: Family): void {
    session.seen[family] ??= new ReplayWindow();
    session.seen[family].add(counter);
    if (session.heardIn === this.second) return;
    session.heardIn = this.second;
    this.known.delete(session.name);
    this.known.set(session.name, session);
    if (this.known.size > MAX_LAN_SESSIONS) this.known.delete(this.known.keys().next().value as string);
  }

  /** A second has passed. */
  tick(): void {
    this.second += 1;
    this.allowance = NEW_SESSIONS_PER_SECOND;
  }

  /** The ring has changed: what was sealed with a key that is gone is foreign now. */
  keysChanged(): void {
    const ids = new Set(this.ring.keys.map(({ id }) => id));
    for (const { name, keyId } of this.known.values()) if (!ids.has(keyId)) this.known.delete(name);
  }
}

/**
 * A packet goes by both families, so the second one is a copy and the third a replay. The mark for a copy is made without
 * opening it: it only tells copies from replays, and neither is delivered.
 */
function seenBefore({ seen }: Session, counter: number, family: Family): Refusal | undefined {
  if (seen[family]?.has(counter)) return 'replay';
  if (!seen[family === 'IPv4' ? 'IPv6' : 'IPv4']?.has(counter)) return undefined;
  seen[family] ??= new ReplayWindow();
  seen[family].add(counter);
  return 'copy';
}
