import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { portsWith } from '../temp-root.test.support.js';
import { encodeHello } from '../wire/greeting.js';
import {
  askInfo,
  connected,
  type FakeLink,
  frame,
  inboxWith,
  offer,
  readAll,
  someInfo,
  sync,
  word,
} from './fake-link.test.support.js';

/** The code of the fault that ended a connection. */
function faultOf({ answers, isDestroyed }: FakeLink): string | undefined {
  const last = answers.at(-1);
  if (last?.type !== 'fault') return undefined;
  assert.ok(isDestroyed, 'the connection goes on after a fault');
  return last.error.code;
}

test('nothing is taken before the hello, and what came with it is not lost', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox);
  const stream = Buffer.concat([encodeHello(1, 9), frame('first'), sync]);
  offer(writer, stream.subarray(0, 11));
  assert.equal(inbox.queue.count, 0);
  assert.equal(writer.counts, false);
  offer(writer, stream.subarray(11));
  assert.deepEqual(readAll(inbox), ['first']);
  assert.deepEqual(link.answers, [{ type: 'taken', count: 1 }]);
  assert.equal(writer.counts, true);
});

for (const [what, bytes, code] of [
  ['another protocol', Buffer.from('GET / HTTP/1.1\r\n'), 'ERR_MAILSLOT_MALFORMED'],
  ['a later version', encodeHello(2, 1), 'ERR_MAILSLOT_INCOMPATIBLE'],
  ['an unknown request', Buffer.concat([encodeHello(1, 1), word(0xffff_ff00)]), 'ERR_MAILSLOT_MALFORMED'],
  [
    'a message over the limit',
    Buffer.concat([encodeHello(1, 1), word((4 << 20) + 1)]),
    'ERR_MAILSLOT_MALFORMED',
  ],
  ['a huge length', Buffer.concat([encodeHello(1, 1), word(0xffff_feff)]), 'ERR_MAILSLOT_MALFORMED'],
] as const) {
  test(`a client that sends ${what} is told so and cut off, and what it sent before counts`, () => {
    const inbox = inboxWith();
    const good = connected(inbox, 2);
    offer(good.writer, frame('good'));
    const { writer, link } = connected(inbox);
    offer(writer, bytes);
    assert.equal(faultOf(link), code);
    assert.equal(inbox.counters.faults, 1);
    assert.equal(inbox.writers.size, 1);
    assert.equal(writer.mayRead, false);
    offer(good.writer, frame('goes on'));
    assert.deepEqual(readAll(inbox), ['good', 'goes on']);
  });
}

test('messages before nonsense in one read are taken', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox, 1);
  offer(writer, frame('one'), frame('two'), word(0xffff_fffe), frame('three'));
  assert.deepEqual(readAll(inbox), ['one', 'two']);
  assert.equal(faultOf(link), 'ERR_MAILSLOT_MALFORMED');
});

test('a message of exactly the limit is taken', () => {
  const inbox = inboxWith({ messageLimit: 5 });
  const { writer, link } = connected(inbox, 1);
  offer(writer, frame('12345'), frame(''));
  assert.deepEqual(readAll(inbox), ['12345', '']);
  offer(writer, frame('123456'));
  assert.equal(faultOf(link), 'ERR_MAILSLOT_MALFORMED');
});

test('questions are answered once a read, with how things stand after it', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox, 1);
  offer(writer, sync, askInfo, frame('a'), sync, frame('b'), askInfo);
  assert.deepEqual(link.answers, [
    { type: 'taken', count: 2 },
    { type: 'info', info: someInfo },
  ]);
});

test('who only asks how the slot stands is no writer', () => {
  const inbox = inboxWith();
  const { writer } = connected(inbox, 1);
  offer(writer, askInfo);
  assert.equal(writer.counts, false);
});

test('a client that does not read its answers is not read from, until it does', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox, 1);
  link.reads = false;
  offer(writer, frame('a'), sync);
  assert.equal(writer.mayRead, false);
  link.reads = true;
  writer.drained();
  assert.equal(writer.mayRead, true);
  assert.equal(link.resumed, 1);
  writer.drained();
  assert.equal(link.resumed, 1, 'a drain that nobody waited for resumes nothing');
});

test('a writer that got its room while its client does not read stays stopped until it does', async () => {
  const inbox = inboxWith({ queueBytes: 130 });
  const { writer, link } = connected(inbox, 1);
  offer(writer, frame('a'), frame('b'), frame('c'), sync);
  link.reads = false;
  assert.equal(inbox.deliver()?.text(), 'a');
  await turn();
  assert.equal(inbox.deliver()?.text(), 'b');
  await turn();
  assert.deepEqual(link.answers, [{ type: 'taken', count: 3 }]);
  assert.equal(writer.mayRead, false);
  link.reads = true;
  writer.drained();
  assert.equal(writer.mayRead, true);
});

test('writers wait for room in the order they came, and each goes on when what it needs fits', async () => {
  const inbox = inboxWith({ queueBytes: 300 });
  const connections = [1, 2, 3].map((pid) => connected(inbox, pid));
  for (const [at, { writer }] of connections.entries())
    offer(writer, frame(`${at}`.repeat(130)), frame(`${at}!`));
  assert.deepEqual(
    connections.map(({ writer }) => writer.mayRead),
    [true, false, false],
  );
  const order: string[] = [];
  for (let count = 0; count < 6; count += 1) {
    order.push(inbox.deliver()?.text()[0] ?? '-');
    await turn();
  }
  assert.deepEqual(order, ['0', '0', '1', '2', '2', '1']);
  assert.deepEqual(
    connections.map(({ link }) => link.resumed),
    [0, 1, 1],
  );
});

test('who comes later does not overtake who waits for much room', async () => {
  const inbox = inboxWith({ queueBytes: 300 });
  const [first, large, small] = [connected(inbox, 1), connected(inbox, 2), connected(inbox, 3)];
  offer(first.writer, frame('a'), frame('b'), frame('c'));
  offer(large.writer, frame('L'.repeat(200)));
  offer(small.writer, frame('s'));
  assert.equal(inbox.queue.count, 3);
  assert.equal(small.writer.mayRead, false);
  const order: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    order.push(inbox.deliver()?.text()[0] ?? '-');
    await turn();
  }
  assert.deepEqual(order, ['a', 'b', 'c', 'L', 's']);
  assert.equal(small.writer.mayRead, true);
});

test('a writer that leaves while it waits for room does not keep the others waiting', async () => {
  const inbox = inboxWith({ queueBytes: 70 });
  const [one, two] = [connected(inbox, 1), connected(inbox, 2)];
  offer(connected(inbox, 3).writer, frame('12345'));
  offer(one.writer, frame('one'));
  offer(two.writer, frame('two'));
  one.writer.gone();
  assert.equal(inbox.deliver()?.text(), '12345');
  await turn();
  assert.deepEqual(readAll(inbox), ['two']);
});

test('room that is kept for a large message is free again when its writer leaves', async () => {
  const inbox = inboxWith({ queueBytes: 100_000, messageLimit: 99_936 });
  const [first, second] = [connected(inbox, 1), connected(inbox, 2)];
  for (const { writer } of [first, second]) offer(writer, word(99_000), Buffer.alloc(10));
  assert.equal(inbox.arrivals.used, 99_064);
  assert.equal(second.writer.mayRead, false);
  first.writer.gone();
  await turn();
  assert.equal(second.writer.mayRead, true);
  second.writer.gone();
  assert.equal(inbox.arrivals.used, 0);
});

test('who begins a large message and does not finish it is cut off after ten looks, while others wait', async () => {
  const clock = new VirtualClock();
  const inbox = inboxWith({ queueBytes: 100_000, messageLimit: 99_936, ports: portsWith(clock) });
  const [slow, other] = [connected(inbox, 1), connected(inbox, 2)];
  for (const { writer } of [slow, other]) offer(writer, word(99_000), Buffer.alloc(5_000));
  clock.advance(10_999);
  assert.equal(faultOf(slow.link), undefined);
  clock.advance(1);
  assert.equal(faultOf(slow.link), 'ERR_MAILSLOT_TIMEOUT');
  await turn();
  offer(other.writer, Buffer.alloc(94_000));
  assert.equal(readAll(inbox)[0]?.length, 99_000);
  clock.advance(1_000);
  assert.equal(clock.pending, 0, 'nobody is looked after any more');
});

test('a slow large message that leaves room for the others may take its time', () => {
  const clock = new VirtualClock();
  const inbox = inboxWith({ queueBytes: 100_000, ports: portsWith(clock) });
  const { writer, link } = connected(inbox, 1);
  offer(writer, word(40_000), Buffer.alloc(10));
  clock.advance(60_000);
  offer(writer, Buffer.alloc(39_990));
  assert.equal(inbox.deliver()?.size, 40_000);
  assert.equal(faultOf(link), undefined);
  clock.advance(1000);
  assert.equal(clock.pending, 0);
});

test('a large message pushes out older ones when it is complete, however small those that came meanwhile', () => {
  const inbox = inboxWith({ queueBytes: 100_000, whenFull: 'drop-oldest' });
  const [large, small] = [connected(inbox, 1), connected(inbox, 2)];
  offer(small.writer, frame('old'.repeat(5000)));
  offer(large.writer, word(90_000), Buffer.alloc(10));
  assert.equal(inbox.counters.droppedOldest, 0);
  offer(small.writer, frame('new'));
  offer(large.writer, Buffer.alloc(89_990));
  assert.deepEqual(
    readAll(inbox).map((text) => text.length),
    [3, 90_000],
  );
  assert.deepEqual([inbox.counters.received, inbox.counters.droppedOldest], [3, 1]);
});

test('a writer that is closed is told what was taken, and hears and says nothing more', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox, 1);
  offer(writer, frame('a'), frame('b'));
  void writer.close();
  void writer.close();
  assert.deepEqual(link.answers, [{ type: 'taken', count: 2 }]);
  assert.ok(link.isDestroyed);
  assert.equal(inbox.writers.size, 0);
});

test('what became due and could not be said is not said to a client that is gone', async () => {
  const inbox = inboxWith({ queueBytes: 65 });
  const { writer, link } = connected(inbox, 1);
  link.reads = false;
  offer(writer, frame('a'), sync, frame('b'), askInfo, frame('c'));
  inbox.deliver();
  await turn();
  void writer.close();
  const said = link.answers.length;
  // The system gives up what it has not sent, and says so for each of the answers.
  writer.drained();
  assert.equal(link.answers.length, said);
  assert.equal(link.resumed, 0);
});
