import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAN_RESCAN_MS } from '../limits.js';
import { PaperLan } from './paper-lan.test.support.js';

test('without any interface it reaches nobody and says so, until one is there again', async (t) => {
  const lan = new PaperLan();
  const host = await lan.host(t, 'ALPHA', '10.0.0.1');
  const told: boolean[] = [];
  Object.assign(host, { connected: (isConnected: boolean) => told.push(isConnected) });
  host.isOpen = false;
  await lan.pass(2 * LAN_RESCAN_MS);
  assert.deepEqual(told, [false]);
  assert.match(host.transport.hindrance ?? '', /no interface/);
  host.isOpen = true;
  await lan.pass(2 * LAN_RESCAN_MS);
  assert.deepEqual(told, [false, true]);
  assert.equal(host.transport.hindrance, undefined);
});
