import assert from 'node:assert/strict';
import type { RemoteInfo } from 'node:dgram';
import { test } from 'node:test';
import { LAN_PEER_SILENCE_MS, MAX_PEERS, MAX_STRANGERS } from '../limits.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Peers } from './peers.js';
import { Strangers } from './strangers.js';

const at = (address: string, port = 5000): RemoteInfo => ({ address, port, family: 'IPv4', size: 0 });

const addressesOf = (peers: Peers, key: string): string[] =>
  Array.from(peers.of(key, 0), ({ address }) => `${address.address}:${address.port}`);

test('each instance of a computer is known by where it was heard last', () => {
  const peers = new Peers();
  peers.heard('1', 'Alpha', at('10.0.0.1'), 0);
  peers.heard('2', 'ALPHA', at('10.0.0.2'), 1);
  peers.heard('3', 'beta', at('10.0.0.3'), 2);
  peers.heard('1', 'Alpha', at('10.0.0.1', 6000), 3);
  assert.deepEqual(addressesOf(peers, 'ALPHA').sort(), ['10.0.0.1:6000', '10.0.0.2:5000']);
  assert.deepEqual(addressesOf(peers, 'BETA'), ['10.0.0.3:5000']);
  assert.ok(peers.knows('BETA'));
  assert.ok(!peers.knows('GAMMA'));
  assert.deepEqual(addressesOf(peers, 'GAMMA'), []);
});

test('an instance whose computer is called otherwise now is found by its new name', () => {
  const peers = new Peers();
  peers.heard('1', 'ALPHA', at('10.0.0.1'), 0);
  peers.heard('1', 'OMEGA', at('10.0.0.1'), 1);
  assert.ok(!peers.knows('ALPHA'));
  assert.deepEqual(addressesOf(peers, 'OMEGA'), ['10.0.0.1:5000']);
  assert.equal(peers.all().length, 1);
});

test('who is silent is forgotten, who is heard is not', () => {
  const peers = new Peers();
  peers.heard('1', 'ALPHA', at('10.0.0.1'), 0);
  peers.heard('2', 'BETA', at('10.0.0.2'), 1);
  peers.heard('1', 'ALPHA', at('10.0.0.1'), 2);
  peers.forgetSilent(1 + LAN_PEER_SILENCE_MS);
  assert.ok(peers.knows('ALPHA') && peers.knows('BETA'));
  peers.forgetSilent(2 + LAN_PEER_SILENCE_MS);
  assert.ok(peers.knows('ALPHA') && !peers.knows('BETA'));
});

test('those that are known are bounded; the one not heard for longest goes', () => {
  const peers = new Peers();
  for (let number = 0; number <= MAX_PEERS; number += 1) {
    peers.heard(String(number), `C${number}`, at('10.0.0.1'), number);
    if (number === 10) peers.heard('0', 'C0', at('10.0.0.1'), number);
  }
  assert.equal(peers.all().length, MAX_PEERS);
  assert.ok(peers.knows('C0') && !peers.knows('C1') && peers.knows('C2'));
});

test('strangers are counted by address and reason, and bounded', () => {
  const clock = new VirtualClock();
  const strangers = new Strangers(clock);
  const begin = clock.now();
  strangers.heard('10.0.0.1', 'foreign');
  clock.advance(5);
  strangers.heard('10.0.0.1', 'foreign');
  strangers.heard('10.0.0.1', 'forged');
  assert.deepEqual(strangers.all(), [
    { address: '10.0.0.1', reason: 'foreign', packets: 2, lastHeard: begin + 5 },
    { address: '10.0.0.1', reason: 'forged', packets: 1, lastHeard: begin + 5 },
  ]);
  for (let number = 0; number < 10 * MAX_STRANGERS; number += 1) strangers.heard(`10.0.1.${number}`, 'flood');
  assert.equal(strangers.all().length, MAX_STRANGERS);
});
