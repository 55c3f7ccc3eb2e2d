import assert from 'node:assert/strict';
import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sessionOf } from '../../../packages/mailslot/dist/packet/head.js';
import { KeyRing, keyOf } from '../../../packages/mailslot/dist/packet/key-ring.js';
import { MessageReader } from '../../../packages/mailslot/dist/packet/message-reader.js';
import { encodeSender, MessageWriter } from '../../../packages/mailslot/dist/packet/message-writer.js';
import { openPacket } from '../../../packages/mailslot/dist/packet/open.js';
import {
  keyTagOf,
  markKeyOf,
  markOf,
  Sealer,
  sealingKeyOf,
} from '../../../packages/mailslot/dist/packet/seal.js';
import { Sessions } from '../../../packages/mailslot/dist/packet/sessions.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import type { Datagram } from '../../../packages/mailslot/dist/transport/datagram.js';
import { inRepo } from '../support/repo.js';

const page = readFileSync(inRepo('docs/wire/lan.md'), 'utf8');
const [, section = ''] = page.split('\n## 10. ');

/** What the page's words before the example say. */
const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
const salt = Buffer.from(Array.from({ length: 16 }, (_, at) => 0xa0 + at));
const counter = 1;
const instance = '0123456789abcdef';
const stamp = Date.UTC(2026, 0, 1);
const said: readonly Datagram[] = [
  {
    identity: { instance, counter: 7, stamp },
    from: 'ALPHA',
    to: { kind: 'domain', name: 'Office' },
    sequence: 3,
    slot: 'alerts',
    scope: 'site',
    data: Buffer.from('door open'),
  },
  {
    identity: { instance, counter: 8, stamp },
    from: 'ALPHA',
    to: { kind: 'computer', name: 'BETA' },
    sequence: 1,
    slot: 'app/events',
    scope: 'site',
    data: Buffer.alloc(0),
  },
];

const [sealed, packet] = Array.from(section.matchAll(/^```text\n([\s\S]*?)^```$/gm), ([, text]) =>
  bytesOf(text!),
);
assert.ok(sealed !== undefined && packet !== undefined);

test('the example follows from the rules of the page', () => {
  assert.match(
    section,
    /secret is `000102…1f`, the salt `a0a1a2…af`, the packet counter 1, the sender\n`ALPHA`/,
  );
  assert.equal(derived('key id'), hkdf('', 'mailslot key id', 4).toString('hex'));
  assert.equal(derived('key tag'), hkdf('', 'mailslot lan 1 tag OFFICE', 8).toString('hex'));
  const key = hkdf(salt, 'mailslot lan 1 seal OFFICE', 32);
  assert.equal(derived('sealing key'), key.toString('hex'));

  const head = packet.subarray(0, 40);
  assert.equal(head.toString('latin1', 0, 6), 'MSLN\x01\0');
  const mark = createHmac('sha256', hkdf('', 'mailslot lan 1 mark OFFICE', 32))
    .update(salt)
    .digest();
  assert.equal(head.toString('hex', 6, 8), mark.toString('hex', 0, 2));
  assert.equal(derived('mark of the session'), mark.toString('hex', 0, 2));
  assert.equal(head.toString('hex', 8, 16), derived('key tag'));
  assert.deepEqual(head.subarray(16, 32), salt);
  assert.equal(head.readBigUInt64LE(32), BigInt(counter));

  const nonce = Buffer.concat([Buffer.alloc(4), head.subarray(32)]);
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(head, { plaintextLength: sealed.length });
  const whole = Buffer.concat([head, cipher.update(sealed), cipher.final(), cipher.getAuthTag()]);
  assert.equal(packet.toString('hex'), whole.toString('hex'));
});

test('the key has the id of the page', () => {
  assert.equal(keyOf(secret).id, derived('key id'));
});

test('the example is what our code sends', () => {
  const writer = new MessageWriter('Office');
  const bytes = Buffer.alloc(1000);
  let end = encodeSender(instance, 'ALPHA').copy(bytes);
  for (const datagram of said) {
    assert.ok(writer.measure(datagram) > 0);
    end = writer.put(datagram, bytes, end);
  }
  assert.equal(bytes.toString('hex', 0, end), sealed.toString('hex'));

  const session = sessionOf(keyTagOf(secret, 'Office'), salt);
  const mark = markOf(markKeyOf(secret, 'Office'), session);
  const sent = new Sealer(session, sealingKeyOf(secret, 'Office', session), mark).seal(
    bytes.subarray(0, end),
  );
  assert.equal(Buffer.concat(sent).toString('hex'), packet.toString('hex'));
});

test('our code opens the example, once', () => {
  const sessions = sessionsOf('office');
  const letter = openPacket(packet, sessions, new MessageReader('Office'));
  assert.deepEqual(letter, { instance, computer: 'ALPHA', datagrams: said });
  assert.equal(openPacket(packet, sessions, new MessageReader('Office')), 'replay');
});

test('a bit that differs is noticed, wherever it is', () => {
  for (let at = 0; at < packet.length; at += 1) {
    const changed = Buffer.from(packet);
    changed[at] = changed[at]! ^ 1;
    const letter = openPacket(changed, sessionsOf('Office'), new MessageReader('Office'));
    assert.ok(['malformed', 'foreign', 'forged'].includes(String(letter)), `byte ${at}: ${String(letter)}`);
  }
});

function sessionsOf(domain: string): Sessions {
  const key = keyOf(secret);
  const ring = new KeyRing(domain, [key], key.id);
  return new Sessions({ ring, isOwn: () => false, ways: () => 1, ports: realPorts });
}

function derived(name: string): string {
  const [, hex] = new RegExp(`^\\| ${name} \\| \`([0-9a-f]+)\` \\|$`, 'm').exec(section) ?? [];
  assert.ok(hex !== undefined, `the page does not say the ${name}`);
  return hex;
}

function hkdf(from: Uint8Array | string, info: string, size: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, from, info, size));
}

/** A line is groups of hex digits and a remark. */
function bytesOf(text: string): Buffer {
  const groups = Array.from(text.matchAll(/^((?:[0-9a-f]{2,} ?)+)(?: |$)/gm), ([, hex]) => hex!);
  return Buffer.from(groups.join('').replaceAll(' ', ''), 'hex');
}
