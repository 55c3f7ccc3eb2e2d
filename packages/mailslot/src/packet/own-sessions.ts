import { createHash } from 'node:crypto';
import {
  COPY_CHECK_MS,
  COPY_DRIFT_MS,
  MAX_OWN_SESSIONS,
  MAX_PAST_SESSIONS,
  OWN_SESSION_MS,
} from '../limits.js';
import type { Ports } from '../ports/ports.js';
import { SALT_SIZE, sessionOf } from './head.js';
import type { Key } from './key-ring.js';
import { keyTagOf, markKeyOf, markOf, Sealer, sealingKeyOf } from './seal.js';

interface OwnSession {
  readonly sealer: Sealer;
  /** By the clock that never jumps. */
  readonly begunAt: number;
}

/**
 * The sessions that this transport seals with: one for each instance, begun anew with each change of the key in use.
 *
 * A computer that was copied while it ran must not go on with numbers that the other copy uses too. So all begin anew when
 * what a copy changes has changed, or the clocks have parted, as they do when one goes on; and each after five minutes.
 * A copy has the same chance, too: so a salt is made of all that may be different there.
 */
export class OwnSessions {
  private readonly domain: string;
  private readonly ports: Pick<Ports, 'clock' | 'random'>;
  private readonly fingerprint: () => string;
  private readonly own = new Map<string, OwnSession>();
  private keyId: string | undefined;
  /** The oldest first. */
  private readonly names = new Set<string>();
  private last = { at: Number.NEGATIVE_INFINITY, lag: 0, around: '' };

  /** @param fingerprint what tells this computer, in its present life, from a copy of it */
  constructor(domain: string, ports: Pick<Ports, 'clock' | 'random'>, fingerprint: () => string) {
    this.domain = domain;
    this.ports = ports;
    this.fingerprint = fingerprint;
  }

  /** @param sender the instance and its computer: a session has one of each */
  sealerOf(sender: string, key: Key): Sealer {
    const now = this.ports.clock.monotonic();
    const isDoubtful = now - this.last.at >= COPY_CHECK_MS && this.mayBeCopy(now);
    if (isDoubtful || this.keyId !== key.id) this.own.clear();
    this.keyId = key.id;
    const known = this.own.get(sender);
    return known && now - known.begunAt < OWN_SESSION_MS ? known.sealer : this.begin(sender, key, now);
  }

  /** Whether it is ours, or was: packets that were sent before may still come back. */
  has(session: string): boolean {
    return this.names.has(session);
  }

  private mayBeCopy(now: number): boolean {
    const before = this.last;
    this.last = { at: now, lag: this.ports.clock.now() - now, around: this.fingerprint() };
    return Math.abs(this.last.lag - before.lag) > COPY_DRIFT_MS || this.last.around !== before.around;
  }

  private begin(sender: string, { secret }: Key, now: number): Sealer {
    const { domain } = this;
    const session = sessionOf(keyTagOf(secret, domain), this.newSalt());
    const mark = markOf(markKeyOf(secret, domain), session);
    const sealer = new Sealer(session, sealingKeyOf(secret, domain, session), mark);
    this.names.add(session);
    this.own.delete(sender);
    this.own.set(sender, { sealer, begunAt: now });
    if (this.names.size > MAX_PAST_SESSIONS) this.names.delete(first(this.names));
    if (this.own.size > MAX_OWN_SESSIONS) this.own.delete(first(this.own));
    return sealer;
  }

  private newSalt(): Uint8Array {
    const { random, clock } = this.ports;
    const words = ['mailslot salt', this.fingerprint(), process.pid, clock.now(), clock.monotonic()];
    const hash = createHash('sha256')
      .update(random.bytes(2 * SALT_SIZE))
      .update(words.join('\0'));
    return hash.digest().subarray(0, SALT_SIZE);
  }
}

function first(collection: Set<string> | Map<string, unknown>): string {
  return collection.keys().next().value as string;
}
