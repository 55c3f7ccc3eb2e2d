import assert from 'node:assert/strict';
import { openMailslot } from 'mailslot';
import { type ApiScene, NAME, type Writer } from './scene.js';

const TOO_LARGE = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' };
const FULL = 'ERR_MAILSLOT_QUEUE_FULL';
const MOST_CLIENTS = 4;

type Operation = (scene: ApiScene) => Promise<void>;

/** Does something with one of the clients, if there is one. */
function byWriter(use: (scene: ApiScene, writer: Writer) => Promise<void>): Operation {
  return async (scene) => {
    const writer = scene.writer();
    if (writer) await use(scene, writer);
  };
}

const open: Operation = async (scene) => {
  if (!scene.slot)
    await assert.rejects(openMailslot(NAME, { root: scene.root }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  else if (scene.writers.length < MOST_CLIENTS) await scene.open();
};

const write = byWriter(async (scene, writer) => {
  const entry = scene.message(writer);
  const { data } = entry;
  if (data.length > scene.limit) return assert.rejects(writer.client.write(data), TOO_LARGE);
  const written = writer.client.write(data);
  const outcome = scene.model.put(entry);
  if (outcome === 'taken') await written;
  else if (outcome === 'refused') await assert.rejects(written, { code: FULL, messages: 1 });
  else scene.wait(writer, written);
});

const writeMany = byWriter(async (scene, writer) => {
  const entries = Array.from({ length: 2 + scene.dice(4) }, () => scene.message(writer));
  const list = entries.map(({ data }) => data);
  if (list.some((data) => data.length > scene.limit))
    return assert.rejects(writer.client.writeMany(list), TOO_LARGE);
  const written = writer.client.writeMany(list);
  const outcomes = entries.map((entry) => scene.model.put(entry));
  const refused = outcomes.filter((outcome) => outcome === 'refused').length;
  if (outcomes.includes('waits')) scene.wait(writer, written);
  else if (refused > 0) await assert.rejects(written, { code: FULL, messages: refused });
  else await written;
  await scene.settle();
});

const post = byWriter(async (scene, writer) => {
  const entry = scene.message(writer);
  if (entry.data.length > scene.limit) {
    assert.throws(() => writer.client.post(entry.data), TOO_LARGE);
    return;
  }
  // Not taken: the buffer is full of what waits for room.
  if (!writer.client.post(entry.data)) return;
  if (scene.model.put(entry) === 'refused') writer.refused += 1;
  await scene.settle();
});

const writeAborted = byWriter(async (scene, writer) => {
  const reason = new Error('changed my mind');
  const { data } = scene.message(writer);
  await assert.rejects(writer.client.write(data, { signal: AbortSignal.abort(reason) }), reason);
});

/** What is on its way when the signal comes still arrives. */
const abortWaiting = byWriter(async (scene, writer) => {
  if (scene.model.rule !== 'block') return;
  const entry = scene.message(writer);
  const { buffered } = writer.client.statistics();
  if (entry.data.length > scene.limit || buffered > 0) return;
  const controller = new AbortController();
  const written = writer.client.write(entry.data, { signal: controller.signal });
  const pending = scene.wait(writer, written);
  if (scene.model.put(entry) === 'taken') await written;
  else pending.mayFail = true;
  controller.abort();
});

const closeClient = byWriter(async (scene, writer) => {
  scene.writers = scene.writers.filter((each) => each !== writer);
  const { client, number, refused } = writer;
  if (scene.model.isLate(number)) {
    for (const each of scene.pending) if (each.writer === writer) each.mayFail = true;
    await assert.rejects(client.close({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    scene.model.hurries(number);
  } else if (refused > 0) await assert.rejects(client.close(), { code: FULL, messages: refused });
  else {
    await client.close();
    const { sent, decided } = client.statistics();
    assert.equal(decided, sent);
  }
  await assert.rejects(client.write('late'), { code: 'ERR_MAILSLOT_CLOSED' });
});

const clientInfo = byWriter(async ({ model }, { client }) => {
  const { messageCount, nextMessageSize, queueUsed, queueBytes } = await client.info();
  if (!model.isExact) return;
  assert.deepEqual(
    { messageCount, nextMessageSize, queueUsed, queueBytes },
    {
      messageCount: model.queue.length,
      nextMessageSize: model.queue[0]?.data.length,
      queueUsed: model.used,
      queueBytes: model.capacity,
    },
  );
});

/** With what writers do, as often as in proportion. */
export const writes: readonly Operation[] = [
  open,
  open,
  write,
  write,
  write,
  write,
  writeMany,
  writeMany,
  post,
  post,
  post,
  writeAborted,
  abortWaiting,
  clientInfo,
  closeClient,
];
