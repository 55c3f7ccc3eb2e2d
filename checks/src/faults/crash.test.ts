import assert from 'node:assert/strict';
import { openMailslot } from 'mailslot';
import { median, msSince } from '../harness/numbers.js';
import { proof } from '../harness/proof.js';
import { sizes } from './sizes.js';

const NOT_FOUND = { code: 'ERR_MAILSLOT_NOT_FOUND' };
const CLOSED = { code: 'ERR_MAILSLOT_CLOSED' };

proof(
  'kill -9 of a server: not found at once, closed for its writers, free for a successor',
  async ({ root, agent }) => {
    const [server, writer, successor] = await Promise.all([agent(), agent(), agent()]);
    await server.ask('create', 'app/events', { root });
    const client = await writer.ask('open', 'app/events', { root });
    await writer.ask('write', client, 'before');
    const own = await openMailslot('app/events', { root });

    await server.kill();
    const dead = performance.now();
    await assert.rejects(openMailslot('app/events', { root }), NOT_FOUND);
    const notFoundMs = msSince(dead);
    await assert.rejects(writer.ask('write', client, 'after'), CLOSED);
    await assert.rejects(own.write('after'), CLOSED);
    assert.throws(() => own.post('after'), CLOSED);
    await assert.rejects(own.info(), CLOSED);
    await own.close();

    const before = performance.now();
    const slot = await successor.ask('create', 'APP/events', { root });
    const takenMs = msSince(before);
    await assert.rejects(writer.ask('write', client, 'a client stays with its own server'), CLOSED);
    const next = await writer.ask('open', 'app/events', { root });
    await writer.ask('write', next, 'again');
    assert.deepEqual(await successor.ask('readAll', slot), ['again']);
    return { notFoundMs, takenMs };
  },
);

proof(
  'kill -9 of a server under fire: what writers wait for is told as closed, never as written',
  async ({ root, agent }) => {
    const server = await agent();
    await server.ask('create', 'app/events', { root, queue: { bytes: 10 * 65 } });
    const client = await openMailslot('app/events', { root });
    for (let number = 0; number < 10; number += 1) await client.write('x');
    // Ten are in the queue; these wait for room.
    const outcomes = Promise.allSettled(Array.from({ length: 90 }, () => client.write('x')));
    assert.ok(client.post('posted'));
    assert.equal((await client.info()).messageCount, 10);
    await server.kill();
    const told = await outcomes;
    for (const outcome of told)
      assert.equal(outcome.status === 'rejected' && outcome.reason.code, CLOSED.code);
    await assert.rejects(client.close(), { ...CLOSED, messages: 1 });
    return { taken: 10, closed: 90 };
  },
);

proof(
  'an acknowledged write is in the queue: kill -9 of the writer right after it loses nothing',
  async ({ root, agent }) => {
    const [server, onlooker] = await Promise.all([agent(), agent()]);
    const slot = await server.ask('create', 'app/events', { root });
    const watch = await onlooker.ask('open', 'app/events', { root });
    const sent: string[] = [];
    for (let victim = 0; victim < sizes.killedWriters; victim += 1) {
      const writer = await agent();
      const texts = Array.from({ length: sizes.acknowledged }, (_, number) => `${victim}:${number}`);
      const client = await writer.ask('open', 'app/events', { root });
      await assert.rejects(writer.ask('writeAndDie', client, texts), /SIGKILL/);
      sent.push(...texts);
      const { info } = await onlooker.ask('client', watch);
      assert.equal(info.messageCount, sent.length, 'counted from another process');
      assert.equal(info.nextMessageSize, 3);
    }
    assert.deepEqual(await server.ask('readAll', slot), sent);
    return { killed: sizes.killedWriters, acknowledged: sent.length, lost: 0 };
  },
);

proof(
  'kill -9 of a writer at any moment: what was acknowledged is there, in order, without a gap',
  async ({ root, agent }) => {
    const server = await agent();
    const slot = await server.ask('create', 'app/events', { root });
    const beyond: number[] = [];
    for (let victim = 0; victim < sizes.killedWriters; victim += 1) {
      const writer = await agent();
      const client = await writer.ask('open', 'app/events', { root });
      const acknowledged = writer.ask('writeUntilKilled', client);
      const moment = performance.now() + (victim / sizes.killedWriters) * 20;
      while (performance.now() < moment);
      await Promise.all([assert.rejects(acknowledged), writer.kill()]);
      const told = (await writer.ended).stdout.split('\n').filter((line) => line.startsWith('+')).length;
      // Of what the system still holds when the writer is dead the server hears in its next turns.
      await server.ask('untilNoWriters', slot);
      const got = await server.ask('readAll', slot);
      assert.deepEqual(
        got,
        Array.from(got, (_, number) => String(number)),
      );
      assert.ok(got.length >= told, `${told} acknowledged, ${got.length} there`);
      beyond.push(got.length - told);
    }
    return { killed: sizes.killedWriters, thereBeyondAcknowledged: { median: median(beyond) } };
  },
);
