import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_SESSIONS, PACKET_WINDOW, UNMARKED_SESSIONS_PER_SECOND } from '../limits.js';
import { realPorts } from '../ports/ports.js';
import { realRandom } from '../ports/random.js';
import { sessionOf } from './head.js';
import { type DecodedPacket, MessageReader } from './message-reader.js';
import { encodeSender } from './message-writer.js';
import { openPacket } from './open.js';
import { OwnSessions } from './own-sessions.js';
import { DOMAIN, INSTANCE, testKey, testRing } from './packet.test.support.js';
import { keyTagOf, markKeyOf, markOf, Sealer, sealingKeyOf } from './seal.js';
import { type Refusal, type Session, Sessions } from './sessions.js';

const sender = encodeSender(INSTANCE, 'ALPHA');
const reader = new MessageReader(DOMAIN);

/** A sender with the key of that number, and a salt of its own. */
function sealerOf(number = 1, domain: string = DOMAIN): { seal(): Buffer } {
  const { secret } = testKey(number);
  const session = sessionOf(keyTagOf(secret, domain), realRandom.bytes(16));
  const sealer = new Sealer(
    session,
    sealingKeyOf(secret, domain, session),
    markOf(markKeyOf(secret, domain), session),
  );
  return { seal: () => Buffer.concat(sealer.seal(sender)) };
}

function receiver(
  ring = testRing(),
  ways = 1,
): Sessions & { open(packet: Buffer, source?: string): DecodedPacket | Refusal } {
  const sessions = new Sessions({ ring, isOwn: () => false, ways: () => ways, ports: realPorts });
  const open = (packet: Buffer, source?: string): DecodedPacket | Refusal => {
    return openPacket(packet, sessions, reader, undefined, source);
  };
  return Object.assign(sessions, { open });
}

const isOpen = (found: DecodedPacket | Refusal): boolean =>
  typeof found !== 'string' && found.computer === 'ALPHA';

test('a packet of a member opens once', () => {
  const { open } = receiver();
  const member = sealerOf();
  const [first, second] = [member.seal(), member.seal()];
  assert.ok(isOpen(open(second)), 'packets may overtake each other');
  assert.ok(isOpen(open(first)));
  assert.equal(open(first), 'replay');
  assert.equal(open(second), 'replay');
});

test('a packet that comes once by each way is a copy, and what comes more often a replay', () => {
  const { open } = receiver(testRing(), 3);
  const member = sealerOf();
  const [first, second] = [member.seal(), member.seal()];
  assert.ok(isOpen(open(first)));
  assert.ok(isOpen(open(second)));
  assert.deepEqual(
    [first, first, second, first, second, second].map((packet) => open(packet)),
    ['copy', 'copy', 'copy', 'replay', 'copy', 'replay'],
  );
  const later = Array.from({ length: PACKET_WINDOW }, () => member.seal()).at(-1) as Buffer;
  assert.ok(isOpen(open(later)));
  assert.equal(open(second), 'replay', 'nothing is that late on its way');
});

test('another key, or another domain with the same key, is foreign', () => {
  const { open } = receiver();
  assert.equal(open(sealerOf(2).seal()), 'foreign');
  assert.equal(open(sealerOf(1, 'HOME').seal()), 'foreign');
});

test('a false seal is forged, and does no harm to the session that it claims to be of', () => {
  const { open, count } = receiver();
  const member = sealerOf();
  const packet = member.seal();
  const forged = Buffer.from(packet);
  forged[packet.length - 1] = forged[packet.length - 1]! ^ 1;
  assert.equal(open(forged), 'forged');
  assert.equal(count, 0, 'a session is remembered only after a true seal');
  assert.ok(isOpen(open(packet)));
  const far = member.seal();
  far.writeBigUInt64LE(1n << 50n, 32);
  assert.equal(open(far), 'forged');
  assert.ok(isOpen(open(member.seal())), 'the window moves only after a true seal');
});

test('our own packet that comes back is not opened', () => {
  const ring = testRing();
  const own = new OwnSessions(DOMAIN, realPorts, () => '');
  const isOwn = (session: string): boolean => own.has(session);
  const sessions = new Sessions({ ring, isOwn, ways: () => 1, ports: realPorts });
  const packet = Buffer.concat(own.sealerOf(INSTANCE, testKey()).seal(sender));
  assert.equal(openPacket(packet, sessions, reader), 'own');
});

test('made-up sessions are tried so often a second and no more, known ones as often as they come', () => {
  const sessions = receiver();
  const member = sealerOf();
  assert.ok(isOpen(sessions.open(member.seal())));
  const forged = sealerOf().seal();
  const found = Array.from({ length: 1_000 }, (_, count) => {
    forged.writeUInt32LE(count, 16);
    return sessions.open(forged, `10.0.0.${count % 100}`);
  });
  assert.equal(found.filter((each) => each === 'forged').length, UNMARKED_SESSIONS_PER_SECOND);
  assert.equal(found.filter((each) => each === 'flood').length, 1_000 - UNMARKED_SESSIONS_PER_SECOND);
  assert.ok(isOpen(sessions.open(member.seal())));
  assert.equal(sessions.open(sealerOf(2).seal()), 'foreign', 'what costs nothing is not allowed for');
});

test('a flood of made-up sessions keeps no newcomer out, not even one from the same address', () => {
  const sessions = receiver();
  const forged = sealerOf().seal();
  for (let second = 0; second < 3; second += 1) {
    for (let count = 0; count < 5_000; count += 1) {
      forged.writeUInt32LE(count, 16);
      sessions.open(forged, `10.0.${count % 256}.${second}`);
    }
    assert.ok(isOpen(sessions.open(sealerOf().seal(), '10.0.0.1')));
    sessions.tick();
  }
});

test('sessions of an older version, which bear no mark, are drawn by lot, and one source has no more than its share', () => {
  const sessions = receiver();
  const old = (): Buffer => {
    const { secret } = testKey();
    const session = sessionOf(keyTagOf(secret, DOMAIN), realRandom.bytes(16));
    const sealer = new Sealer(session, sealingKeyOf(secret, DOMAIN, session), 0);
    return Buffer.concat(sealer.seal(sender));
  };
  const forged = sealerOf().seal();
  const flood = (source: (count: number) => string): void => {
    for (let count = 0; count < 2_000; count += 1) {
      forged.writeUInt32LE(count, 16);
      sessions.open(forged, source(count));
    }
  };
  flood(() => '10.0.0.66');
  assert.ok(isOpen(sessions.open(old(), '10.0.0.1')), 'another source has its own share');
  let seconds = 0;
  for (let isIn = false; !isIn; seconds += 1) {
    assert.ok(seconds < 200, 'whoever comes last has a chance too');
    sessions.tick();
    flood((count) => `10.0.${count % 200}.1`);
    isIn = isOpen(sessions.open(old(), '10.0.0.1'));
  }
});

test('what a removed key sealed is foreign from then on, from known sessions too', () => {
  const ring = testRing();
  const sessions = receiver(ring);
  const [old, young] = [sealerOf(1), sealerOf(2)];
  ring.onChange(() => sessions.keysChanged());
  assert.ok(isOpen(sessions.open(old.seal())));
  assert.equal(sessions.open(young.seal()), 'foreign');
  ring.install(testKey(2));
  assert.ok(isOpen(sessions.open(young.seal())));
  ring.use(testKey(2).id);
  assert.ok(isOpen(sessions.open(old.seal())));
  ring.remove(testKey(1).id);
  assert.equal(sessions.open(old.seal()), 'foreign');
  assert.ok(isOpen(sessions.open(young.seal())));
});

test('the sessions that are remembered are bounded; the one not heard for longest goes', () => {
  const sessions = receiver();
  const lasting = sealerOf();
  const key = sealingKeyOf(testKey().secret, DOMAIN, '');
  const session = (number: number): Session => ({
    name: `${number}`,
    key,
    keyId: '',
    seen: [],
    heardIn: -1,
    computer: '',
    stamp: 0,
    triedIn: -1,
  });
  assert.ok(isOpen(sessions.open(lasting.seal())));
  for (let number = 0; number < MAX_SESSIONS + 100; number += 1) {
    if (number % 1000 === 0) {
      sessions.tick();
      assert.ok(isOpen(sessions.open(lasting.seal())));
    }
    sessions.opened(session(number), { counter: 1 }, 'malformed');
  }
  assert.equal(sessions.count, MAX_SESSIONS);
  assert.ok(isOpen(sessions.open(lasting.seal())));
});

test('any bytes, and any changes of a true packet, are opened or refused and nothing is thrown', () => {
  const sessions = receiver();
  const member = sealerOf();
  const refusals = ['malformed', 'foreign', 'forged', 'replay', 'flood', 'too-large', 'copy', 'own'];
  const changes = fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 3 });
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(noise, changes, fc.nat(90), (bytes, flips, cut) => {
      sessions.tick();
      const packet = bytes ?? member.seal();
      for (const [at, value] of flips) if (at < packet.length) packet[at] = value;
      const found = sessions.open(packet.subarray(0, packet.length - (cut > 60 ? cut : 0)));
      if (typeof found === 'string') assert.ok(refusals.includes(found), found);
    }),
    { numRuns: 2000 },
  );
});

test('a member cannot use up the numbers of another one: nothing counts as seen that its way or its session denies', () => {
  const { open } = receiver();
  const sessions = new Sessions({ ring: testRing(), isOwn: () => false, ways: () => 1, ports: realPorts });
  const member = sealerOf();
  const packets = [member.seal(), member.seal(), member.seal()] as const;
  const isFrom = (name: string) => (computer: string) => computer === name;
  assert.equal(openPacket(packets[1], sessions, reader, isFrom('BETA')), 'forged');
  assert.ok(isOpen(openPacket(packets[1], sessions, reader, isFrom('ALPHA'))), 'not a replay');
  assert.ok(isOpen(open(packets[0])));
  const { secret } = testKey();
  const session = packets[0].toString('latin1', 8, 32);
  const thief = new Sealer(session, sealingKeyOf(secret, DOMAIN, session), 0);
  const stolen = (): Buffer => Buffer.concat(thief.seal(encodeSender(INSTANCE, 'MALLORY')));
  for (let counter = 1; counter < 3; counter += 1) stolen();
  assert.equal(open(stolen()), 'forged');
  assert.ok(isOpen(open(packets[2])), 'its number is still free');
});
