import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import type { Mailslot } from '../../index.js';
import { clientOf, pair, slotIn } from '../pair.test.support.js';

test('a message is the bytes of one write, as bytes, text and JSON, with its sender', async (t) => {
  const { slot, client } = await pair(t);
  await client.write('{"grüße": [1]}');
  const message = await slot.read();
  assert.deepEqual(message.data, Buffer.from('{"grüße": [1]}'));
  assert.equal(message.size, 16);
  assert.equal(message.text(), '{"grüße": [1]}');
  assert.deepEqual(message.json(), { grüße: [1] });
  assert.deepEqual(message.sender, { via: 'local', authenticated: true, pid: process.pid });
});

test('text that is none and JSON that is none', async (t) => {
  const { slot, client } = await pair(t);
  await client.write(Uint8Array.of(0xff, 0x41));
  const message = await slot.read();
  assert.equal(message.text(), '\ufffdA');
  assert.throws(() => message.json(), SyntaxError);
  await client.write('\ud800');
  assert.equal((await slot.read()).text(), '\ufffd');
});

test('a message of no bytes is a message', async (t) => {
  const { slot, client } = await pair(t);
  await client.writeMany(['', new Uint8Array(0)]);
  assert.deepEqual([slot.info().messageCount, slot.info().nextMessageSize], [2, 0]);
  assert.equal((await slot.read()).size, 0);
  assert.equal(await slot.readInto(new Uint8Array(0)), 0);
  assert.equal(slot.tryRead(), undefined);
});

test('messages of every size come as they were sent', async (t) => {
  const { slot, client } = await pair(t);
  for (const size of [1, 424, 16_383, 16_384, 65_536, 262_144, 1 << 20, 4 << 20]) {
    const body = Buffer.alloc(size, `${size} `);
    await client.write(body);
    const { data } = await slot.read();
    assert.ok(body.equals(data), `${size} bytes`);
  }
});

test('a read that finds nothing waits for what comes', async (t) => {
  const { slot, client } = await pair(t);
  const reads = [slot.read(), slot.read()];
  await client.writeMany(['a', 'b', 'c']);
  assert.deepEqual(
    (await Promise.all(reads)).map((message) => message.text()),
    ['a', 'b'],
  );
  assert.equal(slot.tryRead()?.text(), 'c');
  assert.equal(slot.tryRead(), undefined);
});

test('a read waits as long as it says, else as long as the slot says', async (t) => {
  const slot = await slotIn(t, { readTimeout: 0 });
  await assert.rejects(slot.read(), { code: 'ERR_MAILSLOT_TIMEOUT', win32Number: 121 });
  await assert.rejects(slot.read({ timeout: 1 }), { code: 'ERR_MAILSLOT_TIMEOUT' });
  await assert.rejects(slot.readInto(Buffer.alloc(1)), { code: 'ERR_MAILSLOT_TIMEOUT' });
  slot.readTimeout = 1;
  await assert.rejects(slot.read(), { message: /within 1 ms/ });
  slot.readTimeout = 60_000;
  await assert.rejects(slot.read({ timeout: 0 }), { code: 'ERR_MAILSLOT_TIMEOUT' });
});

test('a read that does not wait takes what is there', async (t) => {
  const { slot, client } = await pair(t, { readTimeout: 0 });
  await client.write('a');
  assert.equal((await slot.read()).text(), 'a');
});

test('a new time holds for reads that begin from then on', async (t) => {
  const { slot, client } = await pair(t);
  const waiting = slot.read();
  slot.readTimeout = 0;
  await assert.rejects(slot.read(), { code: 'ERR_MAILSLOT_TIMEOUT' });
  await client.write('a');
  assert.equal((await waiting).text(), 'a');
  assert.equal(slot.info().readTimeout, 0);
  assert.equal((await client.info()).readTimeout, 0);
});

test('a time is a number of milliseconds, and a wrong one changes nothing', async (t) => {
  const slot = await slotIn(t, { readTimeout: 5 });
  for (const wrong of [-1, Number.NaN, '5', null, undefined, 5n] as number[]) {
    assert.throws(
      () => {
        slot.readTimeout = wrong;
      },
      { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' },
    );
    if (wrong === undefined) continue;
    await assert.rejects(slot.read({ timeout: wrong }), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  }
  assert.equal(slot.readTimeout, 5);
});

test('reading into a buffer copies to its front and says how much', async (t) => {
  const { slot, client } = await pair(t);
  await client.write('abc');
  const buffer = Buffer.from('.....');
  assert.equal(await slot.readInto(buffer), 3);
  assert.equal(buffer.toString(), 'abc..');
  await client.write('12345');
  assert.equal(await slot.readInto(buffer), 5);
});

test('a buffer that is too small is told how much it takes, and the message stays', async (t) => {
  const { slot, client } = await pair(t);
  await client.write('four');
  const buffer = Buffer.from('...');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await assert.rejects(slot.readInto(buffer), {
      code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL',
      win32Number: 122,
      size: 4,
      limit: 3,
    });
  }
  assert.equal(buffer.toString(), '...');
  assert.equal(slot.info().nextMessageSize, 4);
  assert.equal(slot.statistics().delivered, 0);
  assert.equal((await slot.read()).text(), 'four');
});

test('what was too much for a waiting buffer goes to the next read', async (t) => {
  const { slot, client } = await pair(t);
  const small = slot.readInto(new Uint8Array(3));
  const next = slot.read();
  const refused = assert.rejects(small, { code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL' });
  await client.write('four');
  await refused;
  assert.equal((await next).text(), 'four');
});

test('only a buffer is read into', async (t) => {
  const slot = await slotIn(t);
  for (const wrong of ['abc', [], new ArrayBuffer(3), undefined] as unknown[]) {
    await assert.rejects(slot.readInto(wrong as Uint8Array), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  }
});

test('an aborted read fails with the reason, and takes no message', async (t) => {
  const { slot, client } = await pair(t);
  const reason = new Error('changed my mind');
  await assert.rejects(slot.read({ signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const reads = [
    slot.read({ signal: controller.signal }),
    slot.readInto(Buffer.alloc(9), { signal: controller.signal }),
  ];
  controller.abort(reason);
  for (const read of reads) await assert.rejects(read, reason);
  await client.write('a');
  assert.equal(slot.tryRead()?.text(), 'a');
});

test('a signal that was aborted stops a read even if there is something to read', async (t) => {
  const { slot, client } = await pair(t);
  await client.write('a');
  await assert.rejects(slot.read({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(slot.info().messageCount, 1);
});

test('reads leave nothing on a signal that lives long', async (t) => {
  const { slot, client } = await pair(t);
  const { signal } = new AbortController();
  for (let round = 0; round < 3; round += 1) {
    const reads = [slot.read({ signal }), slot.readInto(Buffer.alloc(9), { signal })];
    await client.writeMany(['a', 'b']);
    await Promise.all(reads);
    await assert.rejects(slot.read({ signal, timeout: 0 }));
    await assert.rejects(slot.read({ signal, timeout: 1 }));
  }
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('a slot that is closed ends all reads, and begins none', async (t) => {
  const slot = await slotIn(t);
  const closed = { code: 'ERR_MAILSLOT_CLOSED', win32Number: 38, message: /app\/events is closed/ };
  const reads = [slot.read(), slot.read({ timeout: 60_000 }), slot.readInto(Buffer.alloc(9))];
  const refusals = reads.map((read) => assert.rejects(read, closed));
  await slot.close();
  await Promise.all(refusals);
  await assert.rejects(slot.read(), closed);
  await assert.rejects(slot.readInto(Buffer.alloc(9)), closed);
  assert.throws(() => slot.tryRead(), closed);
});

test('messages stay as they are, whatever comes after them', async (t) => {
  const { slot, client } = await pair(t);
  const texts = Array.from({ length: 3000 }, (_, number) => `${number} `.repeat(1 + (number % 40)));
  await client.writeMany(texts);
  const messages = [];
  for (let message = slot.tryRead(); message; message = slot.tryRead()) messages.push(message);
  await client.writeMany(texts.map((text) => text.replaceAll(/./g, 'x')));
  assert.deepEqual(
    messages.map((message) => message.text()),
    texts,
  );
});

test('messages of many writers each say who wrote them, and each writer keeps its order', async (t) => {
  const slot = await slotIn(t);
  const clients = await Promise.all(Array.from({ length: 20 }, () => clientOf(t, slot)));
  await Promise.all(
    clients.map(async (client, writer) => {
      for (let number = 0; number < 50; number += 1) {
        const text = `${writer} ${number}`;
        if (number % 2) await client.write(text);
        else client.post(text);
      }
      await client.close();
    }),
  );
  assert.deepEqual(
    numbersByWriter(slot),
    Array.from({ length: 20 }, () => Array.from({ length: 50 }, (_, number) => number)),
  );
});

function numbersByWriter(slot: Mailslot): number[][] {
  const byWriter: number[][] = [];
  for (let message = slot.tryRead(); message; message = slot.tryRead()) {
    const [writer = 0, number = 0] = message.text().split(' ').map(Number);
    byWriter[writer] ??= [];
    byWriter[writer]?.push(number);
  }
  return byWriter;
}
