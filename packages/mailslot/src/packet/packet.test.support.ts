import type { Datagram } from '../transport/datagram.js';
import { KeyRing, keyOf } from './key-ring.js';

export const DOMAIN = 'OFFICE';
export const INSTANCE = '0123456789abcdef';

/** A key that is not the one of any other number. */
export const testKey = (number = 1): ReturnType<typeof keyOf> => keyOf(Buffer.alloc(32, number));

/** A ring with one key, in use. */
export function testRing(number = 1, domain: string = DOMAIN): KeyRing {
  const key = testKey(number);
  return new KeyRing(domain, [key], key.id);
}

/** A datagram to the domain; `data` tells which. */
export function datagramOf(data: string | Uint8Array, changes: Partial<Datagram> = {}): Datagram {
  return {
    identity: { instance: INSTANCE, counter: 1, stamp: 1_767_225_600_000 },
    from: 'ALPHA',
    to: { kind: 'domain', name: DOMAIN },
    sequence: 1,
    slot: 'app/events',
    scope: 'site',
    data: Buffer.from(data),
    ...changes,
  };
}
