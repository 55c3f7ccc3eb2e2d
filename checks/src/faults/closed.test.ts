import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { openMailslot } from 'mailslot';
import { msSince } from '../harness/numbers.js';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';

const TOLD_MS = 10_000;

/** What it comes to, or a failure that says how long nobody was told. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) =>
        late.signal.addEventListener('abort', () => reject(new Error(`not told within ${ms} ms`))),
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

proof('kill -9 of a server: clients that do nothing are told at once', async ({ root, agent }) => {
  const [server, idler] = await Promise.all([agent(), agent()]);
  await server.ask('create', 'app/events', { root });
  const client = await idler.ask('open', 'app/events', { root });
  const own = await openMailslot('app/events', { root });
  const told = Promise.all([own.closed, idler.ask('closed', client)]);
  await server.kill();
  const dead = performance.now();
  const [error, code] = await within(TOLD_MS, told);
  const toldMs = msSince(dead);
  assert.equal(error?.code, 'ERR_MAILSLOT_CLOSED');
  assert.equal(code, 'ERR_MAILSLOT_CLOSED');
  await own.close();
  return { toldMs };
});

proof(
  "a slot's folder is removed and its name taken: its owner is told, and loses nothing",
  async ({ root, agent }) => {
    const [server, usurper] = await Promise.all([agent(), agent()]);
    const slot = await server.ask('create', 'app/events', { root });
    const client = await openMailslot('app/events', { root });
    await client.write('before');
    const told = server.ask('closed', slot);
    for (const entry of readdirSync(root)) rmSync(`${root}/${entry}`, { recursive: true });
    const removed = performance.now();
    await usurper.ask('create', 'app/events', { root });
    assert.equal(await within(60_000 + TOLD_MS, told), 'ERR_MAILSLOT_ALREADY_EXISTS');
    const toldMs = msSince(removed);
    await client.write('after');
    assert.deepEqual(await server.ask('readAll', slot), ['before', 'after']);
    await client.close();
    return { toldMs };
  },
  onUnix,
);
