import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { Inbox } from '../../../packages/mailslot/dist/lan/inbox.js';
import { KeyRing, keyOf } from '../../../packages/mailslot/dist/lan/key-ring.js';
import { MessageReader } from '../../../packages/mailslot/dist/lan/message-reader.js';
import { encodeSender, MessageWriter } from '../../../packages/mailslot/dist/lan/message-writer.js';
import { sessionOf } from '../../../packages/mailslot/dist/lan/packet.js';
import { Peers } from '../../../packages/mailslot/dist/lan/peers.js';
import { keyTagOf, sealingKeyOf } from '../../../packages/mailslot/dist/lan/seal.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import type { Datagram } from '../../../packages/mailslot/dist/transport/datagram.js';
import type { Receiver } from '../../../packages/mailslot/dist/transport/transport.js';
import { bytesOf, type Dice, diceOf, pick } from './dice.js';
import { DOMAIN, fateOf, letterOf, type Seen } from './lan-model.js';
import { mutated } from './mutate.js';
import type { Target } from './target.js';

const KEY = keyOf(Buffer.alloc(32, 7));
const RING = new KeyRing(DOMAIN, [KEY], KEY.id);
const TAG = Buffer.from(keyTagOf(KEY.secret, DOMAIN), 'latin1');
const SALT = Buffer.alloc(16, 1);
const OWN_SALT = Buffer.alloc(16, 2);
const SESSION = sessionOf(TAG.toString('latin1'), SALT);
const OWN_SESSION = sessionOf(TAG.toString('latin1'), OWN_SALT);
const SEALING_KEY = sealingKeyOf(KEY.secret, DOMAIN, SESSION);
const STAMP = 1_700_000_000_000;
const CLOCK = { ...realPorts.clock, now: () => STAMP, monotonic: () => 0 };
const FROM = { address: '10.99.0.11', family: 'IPv4', port: 40_000, size: 0 } as const;
const FAMILIES = ['IPv4', 'IPv6'] as const;
const PACKETS = 256;

/** A packet whose seal is true. */
interface Genuine {
  readonly plain: Buffer;
  readonly packet: Buffer;
}

/** What was made last from: the input is that very packet, or its seal is false. */
let genuine: Genuine = { plain: Buffer.alloc(0), packet: Buffer.alloc(0) };

/** Sealed once: to seal costs as much as to open. */
const genuines = new Map<number, Genuine>();

/** A whole datagram from anybody, and a sealed part from a member. */
export const lan: readonly Target[] = [
  {
    name: 'lan',
    share: 12,
    make(dice) {
      const kind = dice(512);
      if (kind === 0) return Buffer.concat([kept(dice(PACKETS)).packet, Buffer.alloc(65_400 + dice(120))]);
      if (kind > 64) {
        genuine = kept(dice(PACKETS));
        return mutated(genuine.packet, dice);
      }
      genuine = sealed(mutated(plainOf(dice), dice), dice);
      return genuine.packet;
    },
    check(input, dice) {
      const seen = dice(32) === 0 ? undefined : seenOf(input, dice);
      const isSealTrue = input.equals(genuine.packet);
      const fate = fateOf(input, { tag: TAG, ownSalt: OWN_SALT, salt: SALT, seen, isSealTrue });
      const family = pick(dice, FAMILIES);
      const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
      const ear = new Ear(seen, seen?.isSameFamily ? family : other);
      if (fate !== 'letter') {
        assert.equal(ear.hear(input, family), fate);
        assert.equal(ear.datagrams.length, 0);
        return;
      }
      const letter = letterOf(genuine.plain);
      const heard = ear.hear(input, family);
      if (letter === undefined) assert.ok(heard === 'malformed' || heard === 'too-large', heard);
      else assert.equal(heard, 'letter');
      assert.deepEqual(ear.datagrams, letter?.datagrams ?? []);
      // Once opened it is never opened again.
      assert.equal(ear.hear(input, family), 'replay');
      assert.equal(ear.hear(input, other), 'copy');
      assert.equal(ear.datagrams.length, letter?.datagrams.length ?? 0);
    },
  },
  {
    name: 'lan-sealed',
    share: 4,
    make: (dice) => mutated(plainOf(dice), dice),
    check(input) {
      const letter = new MessageReader(DOMAIN).read(input);
      const expected = letterOf(input);
      if (typeof letter !== 'string') assert.deepEqual(letter, expected);
      else assert.equal(expected, undefined);
    },
  },
];

/** A receiver of the domain that is told what its inbox makes of packets. */
class Ear implements Receiver {
  readonly datagrams: Datagram[] = [];
  readonly #inbox = new Inbox({
    ring: RING,
    peers: new Peers(),
    clock: CLOCK,
    isOwn: (session) => session === OWN_SESSION,
  });
  #last = '';
  #own = 0;
  #copies = 0;

  constructor(seen: Seen | undefined, family: (typeof FAMILIES)[number]) {
    if (seen === undefined) return;
    const session = { name: SESSION, key: SEALING_KEY, keyId: KEY.id, seen: {}, heardIn: -1 };
    this.#inbox.sessions.opened(session, { session: SESSION, counter: seen.counter }, family);
  }

  /** Why the packet was thrown away; `letter` if it was not. */
  hear(packet: Buffer, family: (typeof FAMILIES)[number]): string {
    this.#last = 'letter';
    this.#inbox.take(packet, FROM, family, this);
    if (this.#last !== 'letter') return this.#last;
    const { own, copies } = this.#inbox.received;
    const ignored = own > this.#own ? 'own' : copies > this.#copies ? 'copy' : 'letter';
    this.#own = own;
    this.#copies = copies;
    return ignored;
  }

  received(datagram: Datagram): void {
    this.datagrams.push(datagram);
  }

  dropped(reason: string, count: number): void {
    assert.deepEqual([count, this.#last], [1, 'letter']);
    this.#last = reason;
  }

  hasRoom(): void {}
}

/** Near the packet's own counter, where windows begin and end. */
function seenOf(input: Buffer, dice: Dice): Seen | undefined {
  const counter = input.length < 40 ? 1n : input.readBigUInt64LE(32);
  const near =
    Number(counter) + pick(dice, [0, 1, 2, 2046, 2047, 2048, 2049, 5000, -1, -2, -2047, -2048, -5000]);
  return near >= 1 && Number.isSafeInteger(near) ? { counter: near, isSameFamily: dice(2) === 0 } : undefined;
}

function kept(number: number): Genuine {
  let packet = genuines.get(number);
  if (packet === undefined) {
    const dice = diceOf(number);
    packet = sealed(plainOf(dice), dice);
    genuines.set(number, packet);
  }
  return packet;
}

/** By the page, not by our code. */
function sealed(plain: Buffer, dice: Dice): Genuine {
  const head = Buffer.alloc(40);
  head.write('MSLN\x01', 'latin1');
  TAG.copy(head, 8);
  SALT.copy(head, 16);
  head.writeBigUInt64LE(
    BigInt(pick(dice, [1, 2, 2048, 2049, 1 + dice(10_000), 2 ** 53 - 1 - dice(3000)])),
    32,
  );
  const nonce = Buffer.concat([Buffer.alloc(4), head.subarray(32)]);
  const cipher = createCipheriv('chacha20-poly1305', SEALING_KEY, nonce, { authTagLength: 16 });
  cipher.setAAD(head, { plaintextLength: plain.length });
  const packet = Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { plain, packet };
}

function plainOf(dice: Dice): Buffer {
  const instance = bytesOf(dice, 8).toString('hex');
  const from = hostOf(dice);
  const writer = new MessageWriter(DOMAIN);
  const parts = [encodeSender(instance, from)];
  for (let left = dice(5); left > 0; left -= 1) {
    const datagram = datagramOf(instance, from, dice);
    const bytes = Buffer.alloc(writer.measure(datagram));
    writer.put(datagram, bytes, 0);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function datagramOf(instance: string, from: string, dice: Dice): Datagram {
  const identity = {
    instance,
    counter: 1 + dice(2 ** 32) * dice(2 ** 20),
    stamp: STAMP + dice(90_000) - 45_000,
  };
  const kind = pick(dice, ['computer', 'domain'] as const);
  const to = { kind, name: kind === 'domain' && dice(2) === 0 ? DOMAIN : hostOf(dice) };
  const slot = Array.from({ length: 1 + dice(3) }, () => hostOf(dice)).join('/');
  const data = dice(100) === 0 ? Buffer.alloc(61_440 - dice(500)) : bytesOf(dice, dice(80));
  return { identity, from, to, sequence: 1 + dice(2 ** 32), slot, data };
}

function hostOf(dice: Dice): string {
  return Array.from({ length: 1 + dice(10) }, () => pick(dice, ['A', 'z', '-', 'é', '漢', '😀'])).join('');
}
