import assert from 'node:assert/strict';
import { Inbox } from '../../../packages/mailslot/dist/lan/inbox.js';
import { Peers } from '../../../packages/mailslot/dist/lan/peers.js';
import { MessageReader } from '../../../packages/mailslot/dist/packet/message-reader.js';
import { ReplayWindow } from '../../../packages/mailslot/dist/packet/replay.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import type { Datagram } from '../../../packages/mailslot/dist/transport/datagram.js';
import type { Receiver } from '../../../packages/mailslot/dist/transport/transport.js';
import { type Dice, pick } from './dice.js';
import { DOMAIN, fateOf, packetOf } from './lan-model.js';
import {
  type Genuine,
  KEY,
  keptOf,
  OWN_SALT,
  OWN_SESSION,
  plainOf,
  RING,
  SALT,
  SEALING_KEY,
  SESSION,
  STAMP,
  sealed,
  TAG,
} from './lan-packets.js';
import { mutated } from './mutate.js';
import type { Target } from './target.js';

const PORTS = { ...realPorts, clock: { ...realPorts.clock, now: () => STAMP, monotonic: () => 0 } };
const FROM = { address: '10.99.0.11', family: 'IPv4', port: 40_000, size: 0 } as const;

/** What was made last from: the input is that very packet, or its seal is false. */
let genuine: Genuine = { plain: Buffer.alloc(0), packet: Buffer.alloc(0) };

/** A whole datagram from anybody, and a sealed part from a member. */
export const lan: readonly Target[] = [
  {
    name: 'lan',
    share: 12,
    make(dice) {
      const kind = dice(512);
      if (kind === 0) return Buffer.concat([keptOf(dice).packet, Buffer.alloc(65_400 + dice(120))]);
      if (kind > 64) {
        genuine = keptOf(dice);
        const packet = mutated(genuine.packet, dice);
        if (kind < 70 && packet.length >= 32) OWN_SALT.copy(packet, 16);
        return packet;
      }
      genuine = sealed(mutated(plainOf(dice), dice), dice);
      return genuine.packet;
    },
    check(input, dice) {
      const seen = dice(32) === 0 ? undefined : seenOf(input, dice);
      const ways = 1 + dice(3);
      const isSealTrue = input.equals(genuine.packet);
      const fate = fateOf(input, { tag: TAG, ownSalt: OWN_SALT, salt: SALT, seen, ways, isSealTrue });
      const ear = new Ear(seen, ways);
      if (fate !== 'decoded') {
        assert.equal(ear.hear(input), fate);
        assert.equal(ear.datagrams.length, 0);
        return;
      }
      const decoded = packetOf(genuine.plain);
      const heard = ear.hear(input);
      if (decoded === undefined) assert.ok(heard === 'malformed' || heard === 'too-large', heard);
      else assert.equal(heard, 'decoded');
      assert.deepEqual(ear.datagrams, decoded?.datagrams ?? []);
      // Once opened it is never opened again.
      for (let copy = 1; copy < ways; copy += 1) assert.equal(ear.hear(input), 'copy');
      assert.equal(ear.hear(input), 'replay');
      assert.equal(ear.datagrams.length, decoded?.datagrams.length ?? 0);
    },
  },
  {
    name: 'lan-sealed',
    share: 4,
    make: (dice) => mutated(plainOf(dice), dice),
    check(input) {
      const decoded = new MessageReader(DOMAIN).read(input);
      const expected = packetOf(input);
      if (typeof decoded !== 'string') assert.deepEqual(decoded, expected);
      else assert.equal(expected, undefined);
    },
  },
];

/** A receiver of the domain that is told what its inbox makes of packets. */
class Ear implements Receiver {
  readonly datagrams: Datagram[] = [];
  readonly #inbox: Inbox;
  #last = '';
  #own = 0;
  #copies = 0;

  constructor(seen: number | undefined, ways: number) {
    const isOwn = (session: string): boolean => session === OWN_SESSION;
    const paths = { received: () => {} };
    this.#inbox = new Inbox({ ring: RING, peers: new Peers(), paths, ports: PORTS, isOwn, ways: () => ways });
    if (seen === undefined) return;
    const seal = { name: SESSION, key: SEALING_KEY, keyId: KEY.id };
    const known = {
      ...seal,
      seen: [new ReplayWindow()],
      heardIn: -1,
      computer: '',
      stamp: Infinity,
      triedIn: -1,
    };
    this.#inbox.reader.sessions.opened(known, { counter: seen }, 'malformed');
  }

  /** Why the packet was thrown away; `decoded` if it was not. */
  hear(packet: Buffer): string {
    this.#last = 'decoded';
    this.#inbox.take(packet, FROM, undefined, this);
    if (this.#last !== 'decoded') return this.#last;
    const { own, copies } = this.#inbox.received;
    const ignored = own > this.#own ? 'own' : copies > this.#copies ? 'copy' : 'decoded';
    this.#own = own;
    this.#copies = copies;
    return ignored;
  }

  received(datagram: Datagram): void {
    this.datagrams.push(datagram);
  }

  dropped(reason: string, count: number): void {
    assert.deepEqual([count, this.#last], [1, 'decoded']);
    this.#last = reason;
  }

  hasRoom(): void {}
}

/** Near the packet's own counter, where windows begin and end. */
function seenOf(input: Buffer, dice: Dice): number | undefined {
  const counter = input.length < 40 ? 1n : input.readBigUInt64LE(32);
  const near =
    Number(counter) + pick(dice, [0, 1, 2, 2046, 2047, 2048, 2049, 5000, -1, -2, -2047, -2048, -5000]);
  return near >= 1 && Number.isSafeInteger(near) ? near : undefined;
}
