import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LAN_UNICAST_PORTS } from '../limits.js';
import { InterfaceSocket } from './interface-socket.js';
import { freePort } from './station.test.support.js';

const LOOPBACK = {
  interface: 'lo',
  family: 'IPv4',
  address: '127.0.0.1',
  zone: '',
  cidr: '127.0.0.1/8',
  isLoopback: true,
  isMain: true,
  packetBytes: 65_507,
} as const;

async function portFrom(t: TestContext, first: number): Promise<number> {
  const socket = await InterfaceSocket.open(
    LOOPBACK,
    first,
    () => {},
    () => {},
  );
  t.after(() => socket.close());
  return socket.state.port;
}

test('each instance has the first port that is free, so that a rule of a firewall can name them', async (t) => {
  const first = Math.min(await freePort(), 0xffff - LAN_UNICAST_PORTS);
  const ports: number[] = [];
  for (let count = 0; count <= LAN_UNICAST_PORTS; count += 1) ports.push(await portFrom(t, first));
  const inRange = ports.filter((port) => port >= first && port < first + LAN_UNICAST_PORTS);
  assert.equal(new Set(ports).size, ports.length);
  // Others may have some of them; whoever finds none has what the system chooses.
  assert.ok(inRange.length >= LAN_UNICAST_PORTS - 2, String(ports));
  assert.deepEqual(inRange, inRange.toSorted());
});

test('0 is what the system chooses', async (t) => {
  assert.ok((await portFrom(t, 0)) > 0);
});
