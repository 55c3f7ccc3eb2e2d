import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { NETWORK_BACK_MS, NETWORK_WAIT_MS } from '../limits.js';
import { listening } from '../msfs/fake-server.test.support.js';
import { type Answer, AnswerParser, SYNC } from '../msfs/wire/frames.js';
import { encodeHello } from '../msfs/wire/greeting.js';
import type { Scope } from '../name/scope.js';
import { parseName } from '../name/slot-name.js';
import { Host, Hub, type HubTransport, office, testPorts } from '../redirector/hub.test.support.js';
import type { Destination } from '../redirector/redirector.js';
import { NetworkWait } from './network-wait.js';
import { Outgoing } from './upstream.js';
import { withinReach } from './within-reach.js';

const refused = (reason: RegExp) => ({ code: 'ERR_MAILSLOT_BAD_NETPATH', message: reason });

async function host(...transports: readonly HubTransport[]) {
  const ports = testPorts();
  const { redirector } = new Host('ALPHA', { domains: office(...transports), ports });
  await redirector.start();
  const to = (name: string, scope: Scope = 'site'): Destination =>
    redirector.destinationOf(parseName(name), scope);
  return { redirector, clock: ports.clock, to, ports };
}

test('a name is not opened while no transport reaches anybody; the error says why', async () => {
  const dead = new Hub().transport({ name: 'nats', reach: 'site' });
  dead.failures = 1_000;
  const { redirector, clock, to } = await host(dead);
  for (const name of ['//*/mailslot/a', '//BRAVO/mailslot/a']) {
    const opening = assert.rejects(
      withinReach(redirector, to(name), clock),
      refused(/nats: no cable.*"mailslot doctor"/),
    );
    await clock.pass(NETWORK_WAIT_MS);
    await opening;
  }
  await withinReach(redirector, to('//*/mailslot/a', 'host'), clock);
  await withinReach(redirector, to('//ALPHA/mailslot/a'), clock);
  await redirector.close();
});

test('one that comes up in time is waited for, and one that is up is enough', async () => {
  const late = new Hub().transport({ name: 'nats', reach: 'site' });
  late.failures = 1;
  const { redirector, clock, to } = await host(late);
  const opening = withinReach(redirector, to('//*/mailslot/a'), clock);
  await clock.pass(1_000);
  await opening;
  late.connected(false);
  assert.match(redirector.hindranceTo(to('//*/mailslot/a'))?.text ?? '', /^nats: /);
  await redirector.close();

  const broken = new Hub().transport({ name: 'nats', reach: 'site' });
  broken.failures = 1_000;
  const both = await host(new Hub().transport(), broken);
  await withinReach(both.redirector, both.to('//*/mailslot/a'), both.clock);
  await both.redirector.close();
});

test('what a transport knows of itself counts: without a key in use nothing is said to be sent', async () => {
  const silent = Object.assign(new Hub().transport(), { hindrance: 'no key is in use' });
  const { redirector, clock, to } = await host(silent);
  await assert.rejects(
    withinReach(redirector, to('//*/mailslot/a'), clock),
    refused(/hub: no key is in use/),
  );
  await redirector.close();
});

test('a domain without a transport, and a computer further away than the message may go', async () => {
  const alone = await host();
  await assert.rejects(
    withinReach(alone.redirector, alone.to('//*/mailslot/a'), alone.clock),
    refused(/no transport/),
  );
  const far = await host(new Hub().transport({ reach: 'site' }));
  const near = far.to('//BRAVO/mailslot/a', 'lan');
  await assert.rejects(withinReach(far.redirector, near, far.clock), refused(/none goes as near as "lan"/));
  await withinReach(far.redirector, far.to('//*/mailslot/a', 'lan'), far.clock);
  for (const { redirector } of [alone, far]) await redirector.close();
});

test('who has opened the name of a computer that goes waits for it, and is told as who opens it then if it stays away', async () => {
  const { redirector, clock, to } = await host(new Hub().transport());
  const told: string[] = [];
  const wait = new NetworkWait(clock, {
    began: () => told.push('began'),
    ended: () => told.push('ended'),
    gaveUp: ({ code, message }) => told.push(`${code} ${message.slice(0, 41)}`),
  });
  let [isGone, look] = [false, () => {}];
  const presence = {
    isGone: (computer: string) => computer === 'BRAVO' && isGone,
    onChange: (_computer: string, listener: () => void) => {
      look = listener;
      return () => {};
    },
  };
  wait.follow(redirector, to('//BRAVO/mailslot/a'), presence);
  for (const gone of [true, false, true]) {
    isGone = gone;
    look();
  }
  assert.deepEqual(told, ['began', 'ended', 'began']);
  await clock.pass(NETWORK_BACK_MS);
  assert.deepEqual(told.slice(3), ['ERR_MAILSLOT_BAD_NETPATH no computer BRAVO is in the domain OFFICE']);
  await redirector.close();
});

test('who has opened a name waits while the network is gone, and is told if it stays away', async () => {
  const transport = new Hub().transport({ name: 'nats', reach: 'site' });
  const { redirector, clock, to } = await host(transport);
  const told: string[] = [];
  const wait = new NetworkWait(clock, {
    began: () => told.push('began'),
    ended: () => told.push('ended'),
    gaveUp: ({ message }) => told.push(message),
  });
  wait.follow(redirector, to('//*/mailslot/a'));
  transport.connected(false);
  await clock.pass(NETWORK_BACK_MS - 1);
  transport.connected(true);
  assert.deepEqual(told, ['began', 'ended']);
  transport.connected(false);
  await clock.pass(NETWORK_BACK_MS);
  assert.deepEqual(told.slice(2, 3), ['began']);
  assert.match(told[3] ?? '', /\(nats: /);
  await redirector.close();
  wait.stop();
});

/** A client's connection, and the answers on it. */
async function connected(t: TestContext, serve: (end: Socket) => void) {
  const server = createServer();
  const finder = await listening(t, server);
  const socket = createConnection(finder.locate(parseName('a')) as string);
  const [end] = (await once(server, 'connection')) as [Socket];
  serve(end);
  return { socket, end, answers: answersOn(socket) };
}

/** Behind a line and a greeting, which are not looked at. */
async function* answersOn(socket: Socket): AsyncGenerator<Answer, void, undefined> {
  const parser = new AnswerParser();
  let begun: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let bytes = chunk;
    if (begun !== undefined) {
      begun = Buffer.concat([begun, chunk]);
      const head = begun.indexOf('\n') + 1;
      if (head === 0 || begun.length < head + 12) continue;
      const length = head + 12 + begun.readUInt32LE(head + 8);
      if (begun.length < length) continue;
      bytes = begun.subarray(length);
      begun = undefined;
    }
    yield* parser.parse(bytes);
  }
}

function frame(text: string): Buffer {
  const words = Buffer.alloc(8);
  words.writeUInt32LE(text.length, 0);
  words.writeUInt32LE(SYNC, 4);
  return Buffer.concat([words.subarray(0, 4), Buffer.from(text), words.subarray(4)]);
}

test('what a client writes meanwhile is not said to be taken; it goes when the network is there, or is refused', async (t) => {
  const hub = new Hub();
  const transport = hub.transport({ name: 'nats', reach: 'site' });
  const { redirector, clock, ports } = await host(transport);
  t.after(() => redirector.close());
  const opened = { name: parseName('//*/mailslot/a'), scope: 'site' as const };
  const { socket, end, answers } = await connected(t, (each) => {
    const watcher = { wrote() {}, emptied() {}, ended() {} };
    new Outgoing(redirector, opened, 64_000, ports).serve(each, watcher);
  });
  const sent = (): string[] => hub.wire.map(({ data }) => String(data));
  socket.write(encodeHello(1, 7));
  socket.write(frame('first'));
  assert.deepEqual((await answers.next()).value, { type: 'taken', count: 1 });

  transport.connected(false);
  const { bytesWritten } = end;
  const here = once(end, 'data');
  socket.write(frame('second'));
  await here;
  assert.deepEqual([sent(), end.bytesWritten], [['first'], bytesWritten]);
  transport.connected(true);
  assert.deepEqual((await answers.next()).value, { type: 'taken', count: 2 });
  assert.deepEqual(sent(), ['first', 'second']);

  transport.connected(false);
  socket.write(frame('third'));
  await clock.pass(NETWORK_BACK_MS);
  const { value } = await answers.next();
  assert.ok(value?.type === 'fault');
  assert.equal(value.error.code, 'ERR_MAILSLOT_BAD_NETPATH');
  assert.deepEqual(sent(), ['first', 'second']);
});
