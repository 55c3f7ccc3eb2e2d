import assert from 'node:assert/strict';
import { another, CLOSED, fill, HOLDS, type Play, reasons, texts } from './play.js';

const COUNT = 60;

/** Ways of ending what writes. */
export const writing: Readonly<Record<string, Play>> = {
  'a server that closes while writes wait': async (slot, client) => {
    const { outcomes } = await fill(client, COUNT);
    await slot.close();
    for (const reason of reasons(await outcomes))
      assert.equal((reason as { code: string }).code, CLOSED.code);
    const { dropped, received } = slot.statistics();
    assert.deepEqual([received, dropped.unread], [HOLDS, HOLDS]);
    await assert.rejects(client.write('after'), CLOSED);
    await assert.rejects(client.drained(), CLOSED);
  },

  'a client that closes while its writes wait': async (slot, client) => {
    const { outcomes } = await fill(client, COUNT);
    const closed = client.close();
    await assert.rejects(client.write('after'), CLOSED);
    for (let read = 0; read < HOLDS + COUNT; read += 1) await slot.read();
    await closed;
    assert.ok((await outcomes).every(({ status }) => status === 'fulfilled'));
    assert.deepEqual(texts(slot), []);
  },

  'writes that are aborted while they wait for room never arrive': async (slot, client) => {
    const { outcomes } = await fill(client, COUNT);
    const reason = new Error('enough');
    const { signal, abort } = stopper(reason);
    const aborted = Promise.allSettled([
      client.write('given up', { signal }),
      client.writeMany(['given up', 'given up'], { signal }),
      client.drained({ signal }),
    ]);
    abort();
    assert.deepEqual(reasons(await aborted), [reason, reason, reason]);
    const last = client.write('last');
    for (let read = 0; read < HOLDS + COUNT; read += 1)
      assert.notEqual((await slot.read()).text(), 'given up');
    await Promise.all([outcomes, last]);
    assert.deepEqual(texts(slot), ['last']);
  },

  'a close that is aborted closes': async (slot, client) => {
    const { outcomes } = await fill(client, COUNT);
    const reason = new Error('enough');
    const { signal, abort } = stopper(reason);
    const closed = assert.rejects(client.close({ signal }), reason);
    abort();
    await closed;
    for (const outcome of reasons(await outcomes))
      assert.equal((outcome as { code: string }).code, CLOSED.code);
    assert.ok(texts(slot).length >= HOLDS);
  },

  'posts to a server that closes': async (slot, client) => {
    await client.write('decided');
    assert.ok(client.post('undecided') && client.post('undecided'));
    await slot.close();
    await assert.rejects(client.close(), { ...CLOSED, messages: 2 });
  },

  'posts of which nobody waited for the outcome': async (slot, client) => {
    for (let number = 0; number < 1000; number += 1) assert.ok(client.post(String(number)));
    await client.close();
    await client.close();
    assert.deepEqual(
      texts(slot),
      Array.from({ length: 1000 }, (_, number) => String(number)),
    );
  },

  'a stream of writes, and one that is aborted': async (slot, client) => {
    const writer = client.writable.getWriter();
    for (let number = 0; number < 100; number += 1) void writer.write(String(number));
    await writer.close();
    assert.equal(texts(slot).length, 100);
    const other = (await another(slot)).writable.getWriter();
    await other.write('kept');
    await other.abort(new Error('enough'));
    // What the system had taken arrives, whenever the server's next turn is.
    assert.equal((await slot.read()).text(), 'kept');
  },
};

function stopper(reason: Error): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
}
