import { type Addressee, type Datagram, KeyRing, keyOf } from 'mailslot/transports';

const DOMAIN = 'OFFICE';
const TO_ALL: Addressee = { kind: 'domain', name: DOMAIN };

/** A ring with one key, in use, that is not the one of any other number. */
export function testRing(number = 1): KeyRing {
  const key = keyOf(Buffer.alloc(32, number));
  return new KeyRing(DOMAIN, [key], key.id);
}

/** A datagram from ALPHA to the domain; `counter` tells which. */
export function datagramOf(counter: number, changes: Partial<Datagram> = {}): Datagram {
  return {
    identity: { instance: '0123456789abcdef', counter, stamp: 1_767_225_600_000 },
    from: 'ALPHA',
    to: TO_ALL,
    sequence: counter,
    slot: 'app/events',
    scope: 'site',
    data: Buffer.from(`message ${counter}`),
    ...changes,
  };
}
