import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMailslot, openMailslot } from '../index.js';
import { clientOf, slotIn } from './pair.test.support.js';
import { type ChildOutcome, closedAfter, runModule, temporaryRoot } from './temp-root.test.support.js';

/** The process ended by itself, without a word on its standard error. */
function assertEnded({ code, stdout, stderr }: ChildOutcome, expected: string): void {
  assert.equal(stderr, '');
  assert.deepEqual([code, stdout], [0, expected]);
}

test('an open slot that was let go does not keep its process alive', async (t) => {
  const outcome = await runModule(temporaryRoot(t), [
    `const slot = await mailslot.createMailslot('a', { root });`,
    `const client = await mailslot.openMailslot('a', { root });`,
    `await client.write('x');`,
    `slot.unref().read().then(() => slot.read({ timeout: 3600000 }).catch(() => {}));`,
    `client.unref();`,
    `process.on('exit', () => console.log('ended with', slot.info().messageCount));`,
  ]);
  assertEnded(outcome, 'ended with 0\n');
});

test('an open client that was let go does not keep its process alive', async (t) => {
  const slot = await slotIn(t);
  const outcome = await runModule(slot.root, [
    `const client = await mailslot.openMailslot('app/events', { root });`,
    `await client.write('x');`,
    `client.ref().unref();`,
    `console.log('wrote');`,
  ]);
  assertEnded(outcome, 'wrote\n');
  assert.equal(slot.tryRead()?.text(), 'x');
});

test('an open slot keeps its process alive until it is closed, also when it was let go and taken back', async (t) => {
  const root = temporaryRoot(t);
  const child = runModule(root, [
    `const slot = await mailslot.createMailslot('a', { root });`,
    `slot.unref().ref();`,
    `await slot.consume((message) => { console.log(message.text()); if (message.text() === 'end') void slot.close(); });`,
  ]);
  const client = closedAfter(t, await openMailslot('a', { root, wait: 60_000 }));
  await client.write('first');
  client.post('end');
  assertEnded(await child, 'first\nend\n');
});

test('an open client keeps its process alive until it is closed, or its slot is', async (t) => {
  const slot = await slotIn(t);
  const child = runModule(slot.root, [
    `const client = await mailslot.openMailslot('app/events', { root });`,
    `await client.write('here');`,
  ]);
  assert.equal((await slot.read()).text(), 'here');
  await slot.close();
  assertEnded(await child, '');
});

test('a process that sends one message and ends has sent it', async (t) => {
  const slot = await slotIn(t);
  const outcome = await runModule(slot.root, [
    `await mailslot.sendMessage('app/events', 'x'.repeat(1000000), { root });`,
    `process.exit();`,
  ]);
  assertEnded(outcome, '');
  assert.equal(slot.tryRead()?.size, 1_000_000);
});

test('messages of another process say which one wrote them', async (t) => {
  const slot = await slotIn(t);
  const { stdout } = await runModule(slot.root, [
    `await mailslot.sendMessage('app/events', 'x', { root });`,
    `console.log(process.pid);`,
  ]);
  assert.equal((await slot.read()).sender.pid, Number(stdout));
});

test('whatever is dropped or cut short, no rejection goes unhandled and the process ends by itself', async (t) => {
  const outcome = await runModule(temporaryRoot(t), [
    `const options = { root, queue: { bytes: 130, whenFull: 'reject' } };`,
    `const quiet = (promise) => promise.catch((error) => error.code);`,
    `for (let round = 0; round < 5; round += 1) {`,
    `  const slot = await mailslot.createMailslot('a', options);`,
    `  const client = await mailslot.openMailslot('a', { root, bufferBytes: 1 });`,
    // Loops, reads and streams that are left in the middle, each by whoever holds it.
    `  const iterator = slot[Symbol.asyncIterator](); iterator.next(); iterator.return();`,
    `  const reader = slot.readable.getReader(); reader.read(); reader.cancel();`,
    `  const controller = new AbortController();`,
    `  const { signal } = controller;`,
    `  const given = [quiet(slot.read({ signal })), quiet(slot.consume(() => {}, { signal }))];`,
    `  controller.abort();`,
    `  await Promise.all(given);`,
    // Waits that are cut short on both sides, with messages under way.
    `  const late = [];`,
    `  const own = () => { const each = new AbortController(); late.push(each); return { signal: each.signal }; };`,
    `  const waits = ['a', 'b', 'c', 'x'.repeat(50)].flatMap((text) => [quiet(client.write(text, own())),`,
    `    quiet(client.writeMany([text, text], own()))]);`,
    `  waits.push(quiet(client.drained(own())), quiet(client.info(own())));`,
    `  const closing = quiet(client.close(own()));`,
    `  if (round % 2) for (const each of late) each.abort();`,
    `  for await (const message of slot) if (message.size > 0) break;`,
    `  const loop = (async () => { for await (const message of slot) message.text(); })();`,
    `  const streamed = slot.readable.pipeTo(new WritableStream()).catch(() => {});`,
    `  await slot.close();`,
    `  await Promise.all([...waits, closing, loop, streamed]);`,
    `}`,
    `console.log('done');`,
  ]);
  assertEnded(outcome, 'done\n');
});

test('a process that waits for a slot ends when the wait does', async (t) => {
  const outcome = await runModule(temporaryRoot(t), [
    `const controller = new AbortController();`,
    `const opening = mailslot.openMailslot('a', { root, wait: 3600000, signal: controller.signal });`,
    `controller.abort(new Error('changed my mind'));`,
    `await opening.catch((error) => console.log(error.message));`,
  ]);
  assertEnded(outcome, 'changed my mind\n');
});

test('a slot of another process is seen as one of this process is', async (t) => {
  const root = temporaryRoot(t);
  const slot = closedAfter(t, await createMailslot('mine', { root }));
  const outcome = await runModule(root, [
    `const slot = await mailslot.createMailslot('theirs', { root });`,
    `const names = (await mailslot.listMailslots({ root })).map((entry) => entry.name + ' ' + (entry.info.pid === process.pid));`,
    `const taken = await mailslot.createMailslot('MINE', { root }).catch((error) => error.code);`,
    `await slot.close();`,
    `console.log(names.join(), taken);`,
  ]);
  assertEnded(outcome, 'mine false,theirs true ERR_MAILSLOT_ALREADY_EXISTS\n');
  await (await clientOf(t, slot)).write('still here');
  assert.equal(slot.tryRead()?.text(), 'still here');
});
