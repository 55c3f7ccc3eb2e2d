import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LAN_LONGEST_PROBE, LAN_PEER_ADDRESSES } from '../limits.js';
import { type PaperHost, PaperLan } from './paper-lan.test.support.js';
import { Peers, type Target } from './peers.js';
import { encodeAnswer, encodeProbe, readAnswer, readProbe, sizeOfProbe } from './probe-message.js';
import type { UdpAddress } from './udp-address.js';

/*
 * Which addresses are used: those that have answered.
 */

async function two(
  t: TestContext,
  lan: PaperLan,
  one: readonly [string, ...string[]],
  other: readonly [string, ...string[]],
): Promise<[PaperHost, PaperHost]> {
  const hosts: [PaperHost, PaperHost] = [await lan.host(t, 'A', ...one), await lan.host(t, 'B', ...other)];
  for (const host of hosts) host.send('here');
  await lan.pass(5);
  return hosts;
}

/** Sends a few messages to one computer while its addresses are tried and after that. */
async function talk(lan: PaperLan, from: PaperHost, to: PaperHost): Promise<number> {
  const before = to.texts.length;
  for (let number = 0; number < 10; number += 1) {
    from.send(`${number} for ${to.name}`, to.name);
    await lan.pass(500);
    for (const host of lan.hosts) host.send('here');
  }
  return to.texts.slice(before).filter((text) => text.endsWith(`for ${to.name}`)).length;
}

test('a near address is used as soon as it has answered, and the group no more', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1'], ['10.0.0.2']);
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(a.knows(b)?.reachedAt, '10.0.0.2:5000');
  await lan.pass(5);
  const since = lan.passages.length;
  a.send('alone', 'B');
  await lan.pass(5);
  assert.ok(lan.passages.slice(since).every(({ isByGroup }) => !isByGroup));
});

test('where no address is near, the group carries what is for one', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['169.254.7.7'], ['10.0.0.2']);
  // Nothing that is sent to an address of another subnet arrives.
  lan.carries = ({ isByGroup }) => isByGroup;
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(await talk(lan, b, a), 10);
  assert.equal(a.knows(b)?.reachedAt, undefined);
});

test('an address that is near and leads nowhere, as that of a relay, loses nothing', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1'], ['10.0.1.2']);
  lan.sourceOf = ({ from }) => (from === a ? '10.0.1.254' : '10.0.0.254');
  lan.carries = ({ isByGroup }) => isByGroup;
  for (const host of [a, b]) host.send('here');
  await lan.pass(5);
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(await talk(lan, b, a), 10);
  assert.equal(a.knows(b)?.hasAnswered, true);
  assert.equal(a.knows(b)?.reachedAt, undefined);
});

test('all addresses of a card count, the one in our subnet is used', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1', '172.16.0.1'], ['10.9.0.2', '172.16.0.2']);
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(a.knows(b)?.reachedAt, '172.16.0.2:5000');
});

test('an answer that names another address than the one that was asked shows nothing', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1'], ['10.0.0.2']);
  // Somebody on the way takes what is for B, and sends it on to where B really is.
  lan.sourceOf = ({ from }) => (from === b ? '10.0.0.66' : from.address);
  b.send('here');
  await lan.pass(5);
  const toOne = a.toOne.bind(a);
  a.toOne = (pieces, size, target) =>
    toOne(pieces, size, target.address === '10.0.0.66' ? { ...target, address: '10.0.0.2' } : target);
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(a.knows(b)?.reachedAt, '10.0.0.2:5000');
});

test('who moved is written to where it answers now', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1'], ['10.0.0.2']);
  assert.equal(await talk(lan, a, b), 10);
  b.addresses = [{ family: 'IPv4', address: '10.0.0.77', port: 5_000 }];
  b.send('here');
  await lan.pass(5);
  assert.equal(await talk(lan, a, b), 10);
  assert.equal(a.knows(b)?.reachedAt, '10.0.0.77:5000');
});

test('an older version, which answers nothing, is written to where it is near', async (t) => {
  const lan = new PaperLan();
  const [a, b] = await two(t, lan, ['10.0.0.1'], ['10.0.0.2']);
  // Of what it sends its answers are longest, or go to an address.
  lan.carries = ({ from, isByGroup, size }) => from !== b || (isByGroup && size < 125);
  await talk(lan, a, b);
  assert.equal(a.knows(b)?.hasAnswered, false);
  assert.equal(a.knows(b)?.reachedAt, '10.0.0.2:5000');
});

test('addresses of an instance are bounded, and those that answered stay', () => {
  const peers = new Peers();
  const at = (number: number): Target => ({ address: `10.0.0.${number}`, port: 5_000, family: 'IPv4' });
  peers.heard('1', 'A', at(1), 0);
  const path = peers.get('1')?.candidates[0]?.path;
  path?.begin(LAN_LONGEST_PROBE);
  path?.answered(LAN_LONGEST_PROBE, 0);
  for (let number = 2; number < 100; number += 1) peers.heard('1', 'A', at(number), number);
  const kept = peers.get('1')?.candidates.map(({ target }) => target.address);
  assert.equal(kept?.length, LAN_PEER_ADDRESSES);
  assert.ok(kept?.includes('10.0.0.1') && kept.includes('10.0.0.99'));
});

test('probes and answers are laid out as the page says, and what is cut off is malformed', () => {
  const addresses: UdpAddress[] = [
    { family: 'IPv4', address: '10.99.0.11', port: 0x1234 },
    { family: 'IPv6', address: 'fe80::1:2', port: 2 },
  ];
  const probe = { nonce: 'a0a1a2a3a4a5a6a7', isUnheard: true, addresses, asked: ['0123456789abcdef'] };
  const asked = encodeProbe(probe, sizeOfProbe(probe) + 3);
  assert.equal(
    Buffer.from(asked).toString('hex'),
    'a0a1a2a3a4a5a6a7 01 02 04 3412 0a63000b 06 0200 fe800000000000000000000000010002 01 0123456789abcdef 000000'.replaceAll(
      ' ',
      '',
    ),
  );
  assert.deepEqual(readProbe(asked), probe);
  const answer = {
    asker: '0123456789abcdef',
    nonce: 'a0a1a2a3a4a5a6a7',
    size: 7_656,
    isByGroup: false,
    addresses,
  };
  const said = encodeAnswer(answer);
  assert.equal(
    Buffer.from(said).toString('hex'),
    '0123456789abcdef a0a1a2a3a4a5a6a7 e81d0000 00 02 04 3412 0a63000b 06 0200 fe800000000000000000000000010002'.replaceAll(
      ' ',
      '',
    ),
  );
  assert.deepEqual(readAnswer(said), answer);
  for (let length = 0; length < said.length; length += 1) {
    assert.throws(() => readAnswer(said.subarray(0, length)), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
});
