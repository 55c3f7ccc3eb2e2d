import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { openMailslot } from '../index.js';
import { pair } from './pair.test.support.js';
import { temporaryRoot } from './temp-root.test.support.js';

/** Warnings of this process from now on. */
function warnings(t: { after(fn: () => void): void }): Error[] {
  const seen: Error[] = [];
  const note = (warning: Error): void => void seen.push(warning);
  process.on('warning', note);
  t.after(() => process.off('warning', note));
  return seen;
}

test('one signal may be used for any number of waits, without a warning, and nothing stays on it', async (t) => {
  const seen = warnings(t);
  const { slot, client } = await pair(t, {}, { bufferBytes: 1 });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 50 }, (_, number) => client.write(String(number), { signal })));
  const reads = Array.from({ length: 50 }, () => slot.read({ signal }));
  assert.equal((await Promise.all(reads)).length, 50);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  await new Promise((resolve) => process.nextTick(resolve));
  assert.deepEqual(seen, []);
});

test('who waits for a slot through many looks is not warned of', async (t) => {
  const seen = warnings(t);
  // The looks come 250 ms apart; a leak would be warned of at the eleventh.
  await assert.rejects(openMailslot('never', { root: temporaryRoot(t), wait: 3200 }), {
    code: 'ERR_MAILSLOT_TIMEOUT',
  });
  assert.deepEqual(seen, []);
});

test('thousands of waits can be called off at once', async (t) => {
  const { slot } = await pair(t);
  const stop = new AbortController();
  const reads = Array.from({ length: 50_000 }, () =>
    slot.read({ signal: stop.signal }).catch(() => 'stopped'),
  );
  stop.abort();
  assert.ok((await Promise.all(reads)).every((outcome) => outcome === 'stopped'));
});

test('who closes a client again, in a hurry, does not wait for a full queue', async (t) => {
  const { slot, client } = await pair(t, { queue: { bytes: 65 } });
  for (const text of ['a', 'b', 'c']) client.post(text);
  const patient = client.close().catch((error) => error.code);
  const reason = new Error('in a hurry');
  await assert.rejects(client.close({ signal: AbortSignal.abort(reason) }), reason);
  assert.equal(await patient, 'ERR_MAILSLOT_CLOSED');
  assert.equal((await slot.read()).text(), 'a');
});

test('a text is no list of messages', async (t) => {
  const { client } = await pair(t);
  for (const list of ['abc', Buffer.from('abc'), undefined, null, 7]) {
    const refused = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message: /^list is a list of messages/ };
    await assert.rejects(client.writeMany(list as unknown as string[]), refused);
  }
});
