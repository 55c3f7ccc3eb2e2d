import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createMailslot, type Mailslot } from 'mailslot';
import { type ApiScene, NAME } from './scene.js';

const TIMEOUT = { code: 'ERR_MAILSLOT_TIMEOUT' };
const CLOSED = { code: 'ERR_MAILSLOT_CLOSED' };
const TURNS = 4;

type Operation = (scene: ApiScene) => Promise<void>;

/** Does something with the slot, if there is one. */
function bySlot(use: (scene: ApiScene, slot: Mailslot) => Promise<void>): Operation {
  return async (scene) => {
    if (scene.slot) await use(scene, scene.slot);
  };
}

/** As {@link bySlot}, if it is known what waits there. */
function whenExact(use: (scene: ApiScene, slot: Mailslot) => Promise<void>): Operation {
  return bySlot(async (scene, slot) => {
    if (scene.model.isExact) await use(scene, slot);
  });
}

const create: Operation = async (scene) => {
  if (!scene.slot) await scene.create();
  else {
    const code = 'ERR_MAILSLOT_ALREADY_EXISTS';
    await assert.rejects(createMailslot(NAME.toUpperCase(), { root: scene.root }), { code });
  }
};

const tryRead = bySlot(async ({ model }, slot) => {
  const message = slot.tryRead();
  if (message) model.took(message.data);
  else assert.equal(model.queue.length, 0, 'nothing was read, and something waits');
});

const read = whenExact(async ({ model }, slot) => {
  if (model.queue.length === 0) await assert.rejects(slot.read({ timeout: 0 }), TIMEOUT);
  else model.took((await slot.read()).data);
});

const readInto = whenExact(async ({ model, dice }, slot) => {
  const buffer = Buffer.alloc(dice(300));
  const due = model.queue[0];
  if (due === undefined) await assert.rejects(slot.readInto(buffer, { timeout: 0 }), TIMEOUT);
  else if (due.data.length > buffer.length) {
    const tooSmall = { code: 'ERR_MAILSLOT_BUFFER_TOO_SMALL', size: due.data.length };
    await assert.rejects(slot.readInto(buffer), tooSmall);
  } else model.took(buffer.subarray(0, await slot.readInto(buffer)));
});

const iterate = whenExact(async ({ model }, slot) => {
  for (let left = Math.min(3, model.queue.length); left > 0; left -= 1) {
    for await (const message of slot) {
      model.took(message.data);
      break;
    }
  }
});

const consume = bySlot(async ({ model, dice }, slot) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: Buffer[] = [];
  const consuming =
    dice(2) === 0
      ? slot.consume(({ data }) => seen.push(Buffer.from(data)), controller)
      : slot.consumeBytes(
          (bytes, start, end) => seen.push(Buffer.from(bytes.subarray(start, end))),
          controller,
        );
  const ended = assert.rejects(consuming, reason);
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
  controller.abort(reason);
  await ended;
  for (const data of seen) model.took(data);
  assert.equal(model.queue.length, 0, 'a consumer left something');
});

const abortRead = whenExact(async ({ model }, slot) => {
  if (model.queue.length > 0) return;
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const aborted = assert.rejects(slot.read({ signal: controller.signal }), reason);
  await turn();
  controller.abort(reason);
  await aborted;
});

/** A read that waits gets the next message. */
const readAndWrite = whenExact(async (scene, slot) => {
  const writer = scene.writer();
  if (!writer || scene.model.queue.length > 0) return;
  const entry = { ...scene.message(writer) };
  if (entry.data.length > scene.limit) return;
  const reading = slot.read({ timeout: 10_000 });
  scene.model.put(entry);
  await writer.client.write(entry.data);
  scene.model.took((await reading).data);
});

const setReadTimeout = whenExact(async ({ model, dice }, slot) => {
  const invalid = { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' };
  for (const wrong of [-1, Number.NaN, 'soon' as unknown as number])
    assert.throws(() => {
      slot.readTimeout = wrong;
    }, invalid);
  slot.readTimeout = dice(3);
  assert.equal(slot.info().readTimeout, slot.readTimeout);
  if (model.queue.length === 0) await assert.rejects(slot.read(), TIMEOUT);
  slot.readTimeout = Number.POSITIVE_INFINITY;
});

const info = whenExact(async ({ model }, slot) => {
  const { messageCount, nextMessageSize } = slot.info();
  assert.deepEqual([messageCount, nextMessageSize], [model.queue.length, model.queue[0]?.data.length]);
  model.compare(slot.statistics());
});

const drain: Operation = (scene) => scene.drain();

const closeSlot: Operation = async (scene) => {
  const { slot, model } = scene;
  if (!slot || scene.dice(3) > 0) return;
  await slot.close();
  const { dropped } = slot.statistics();
  if (model.isExact) assert.equal(dropped.unread, model.queue.length);
  assert.throws(() => slot.tryRead(), CLOSED);
  await assert.rejects(slot.read(), CLOSED);
  for (const each of scene.pending) each.mayFail = true;
  await scene.settlePending();
  for (const { client } of scene.writers.splice(0)) {
    await assert.rejects(client.write(''), CLOSED);
    // It may have to say that posts were refused, or that nobody knows what became of them.
    await client
      .close()
      .catch((error: { code?: string }) => assert.match(String(error.code), /CLOSED|QUEUE_FULL/));
  }
  scene.slot = undefined;
};

/** With what the owner of the slot does, as often as in proportion. */
export const reads: readonly Operation[] = [
  create,
  create,
  tryRead,
  tryRead,
  tryRead,
  read,
  read,
  readInto,
  iterate,
  consume,
  abortRead,
  readAndWrite,
  setReadTimeout,
  info,
  info,
  drain,
  closeSlot,
];
