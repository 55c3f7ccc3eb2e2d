import { MAX_OWN_SESSIONS, MAX_PAST_SESSIONS } from '../limits.js';
import type { Random } from '../ports/random.js';
import { SALT_SIZE, sessionOf } from './head.js';
import type { Key } from './key-ring.js';
import { keyTagOf, Sealer, sealingKeyOf } from './seal.js';

/**
 * The sessions that this transport seals with: one for each instance, begun anew with each change of the key in use.
 *
 * A computer that was suspended or copied while it ran makes a new instance, and so a new salt: its counters do not go
 * on where another copy's may.
 */
export class OwnSessions {
  private readonly domain: string;
  private readonly random: Random;
  private readonly sealers = new Map<string, Sealer>();
  private keyId: string | undefined;
  /** The oldest first. */
  private readonly names = new Set<string>();

  constructor(domain: string, random: Random) {
    this.domain = domain;
    this.random = random;
  }

  /** @param sender the instance and its computer: a session has one of each */
  sealerOf(sender: string, key: Key): Sealer {
    if (this.keyId !== key.id) this.sealers.clear();
    this.keyId = key.id;
    return this.sealers.get(sender) ?? this.begin(sender, key);
  }

  /** Whether it is ours, or was: packets that were sent before may still come back. */
  has(session: string): boolean {
    return this.names.has(session);
  }

  private begin(sender: string, { secret }: Key): Sealer {
    const session = sessionOf(keyTagOf(secret, this.domain), this.random.bytes(SALT_SIZE));
    const sealer = new Sealer(session, sealingKeyOf(secret, this.domain, session));
    this.names.add(session);
    this.sealers.set(sender, sealer);
    if (this.names.size > MAX_PAST_SESSIONS) this.names.delete(first(this.names));
    if (this.sealers.size > MAX_OWN_SESSIONS) this.sealers.delete(first(this.sealers));
    return sealer;
  }
}

function first(collection: Set<string> | Map<string, unknown>): string {
  return collection.keys().next().value as string;
}
