import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { VirtualClock } from 'mailslot/testing';
import { realPorts } from 'mailslot/transports';
import { NATS_ANSWER_MS } from './limits.js';
import { probe } from './probe.js';
import type { ServerAddress } from './settings.js';

interface Listener {
  readonly address: ServerAddress;
  readonly sockets: Socket[];
}

/** Somebody on loopback who does this with each connection. */
async function listener(t: TestContext, greet: (socket: Socket) => void): Promise<Listener> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: { url: `nats://127.0.0.1:${port}`, host: '127.0.0.1', port, mustBeTls: false }, sockets };
}

const speaks = (socket: Socket): void => void socket.write('INFO {"server_id":"x"}\r\n');
const isSilent = (): void => undefined;

test('the one that answers is found, however many do not; and nobody is left with a connection', async (t) => {
  const [silent, good] = [await listener(t, isSilent), await listener(t, speaks)];
  const other = await listener(t, (socket) => void socket.write('SSH-2.0-x\r\n'));
  const gone = await listener(t, (socket) => socket.destroy());
  const found = await probe(
    [silent, other, gone, good].map(({ address }) => address),
    realPorts.clock,
  );
  assert.equal(found, good.address);
  for (const socket of [...silent.sockets, ...good.sockets]) if (!socket.closed) await once(socket, 'close');
});

test('if none answers each one is told with the reason', async (t) => {
  const clock = new VirtualClock();
  const silent = await listener(t, isSilent);
  const other = await listener(t, (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n'));
  const gone = await listener(t, (socket) => socket.end());
  const closed = { ...silent.address, host: '127.0.0.1', port: 1 };
  const asked = probe([silent.address, other.address, gone.address, closed], clock);
  while (clock.pending > 1) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(NATS_ANSWER_MS);
  const answers = await asked;
  assert.ok(Array.isArray(answers));
  const reasons = new Map(answers.map(({ server, reason }) => [server, reason]));
  assert.equal(reasons.get(silent.address), 'no answer');
  assert.equal(reasons.get(other.address), 'it does not speak NATS');
  assert.equal(reasons.get(gone.address), 'it hung up');
  assert.equal(reasons.get(closed), 'ECONNREFUSED');
  assert.equal(clock.pending, 0);
});
