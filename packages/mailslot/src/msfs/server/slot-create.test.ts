import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type CreateOptions, createMailslot, mailslotRoot, openMailslot, sendMessage } from '../../index.js';
import { drain, slotIn } from '../pair.test.support.js';
import { closedAfter, temporaryRoot } from '../temp-root.test.support.js';

test('a slot says its name as it was spelled, its root, and how it stands', async (t) => {
  const root = temporaryRoot(t);
  const slot = closedAfter(t, await createMailslot('\\\\.\\mailslot\\App\\Events', { root }));
  assert.equal(slot.name, 'App/Events');
  assert.equal(slot.root, root);
  assert.deepEqual(slot.info(), {
    maxMessageSize: 0,
    nextMessageSize: undefined,
    messageCount: 0,
    readTimeout: Number.POSITIVE_INFINITY,
  });
  assert.deepEqual(slot.statistics(), {
    received: 0,
    delivered: 0,
    dropped: { oldest: 0, newest: 0, unread: 0 },
    rejected: 0,
    bytes: 0,
    writers: 0,
    faults: 0,
  });
});

test('the defaults, as anybody may ask for them', async (t) => {
  const slot = await slotIn(t);
  const client = closedAfter(t, await openMailslot(slot.name, { root: slot.root }));
  const { createdAt, ...info } = await client.info();
  assert.deepEqual(info, {
    name: 'app/events',
    pid: process.pid,
    owner: process.geteuid?.(),
    access: 'owner',
    maxMessageSize: 0,
    messageLimit: 4 * 1024 * 1024,
    nextMessageSize: undefined,
    messageCount: 0,
    readTimeout: Number.POSITIVE_INFINITY,
    queueBytes: 64 * 1024 * 1024,
    queueUsed: 0,
    whenFull: 'block',
    writers: 1,
    received: 0,
    delivered: 0,
    dropped: 0,
    rejected: 0,
  });
  assert.ok(createdAt <= Date.now() && createdAt > Date.now() - 60_000);
});

test('options are kept, and asked for with them', async (t) => {
  const slot = await slotIn(t, {
    maxMessageSize: 424,
    readTimeout: 200,
    access: 'everyone',
    remote: 'none',
    queue: { bytes: 10_000, whenFull: 'drop-oldest' },
  });
  assert.equal(slot.info().maxMessageSize, 424);
  assert.equal(slot.readTimeout, 200);
  const client = closedAfter(t, await openMailslot(slot.name, { root: slot.root }));
  const info = await client.info();
  assert.deepEqual(
    [info.maxMessageSize, info.messageLimit, info.readTimeout, info.access, info.queueBytes, info.whenFull],
    [424, 424, 200, 'everyone', 10_000, 'drop-oldest'],
  );
});

test('the longest message is what was asked for, and never more than the queue can hold', async (t) => {
  const limitOf = async (options: CreateOptions): Promise<number> => {
    const slot = await slotIn(t, options);
    const client = closedAfter(t, await openMailslot(slot.name, { root: slot.root }));
    return client.messageLimit;
  };
  assert.equal(await limitOf({ maxMessageSize: 16 << 20 }), 16 << 20);
  assert.equal(await limitOf({ queue: { bytes: 1000 } }), 936);
  assert.equal(await limitOf({ maxMessageSize: 100 << 20 }), 100 << 20);
  assert.equal(await limitOf({ maxMessageSize: 1000, queue: { bytes: 1000 } }), 936);
  assert.equal(await limitOf({ queue: { bytes: 64 } }), 0);
  assert.equal(await limitOf({ maxMessageSize: 0xffff_ffff, queue: { bytes: 2 ** 40 } }), 0xffff_feff);
});

const invalid: readonly (readonly [what: string, options: unknown])[] = [
  ['an option of queue', { queue: { whenfull: 'reject' } }],
  ['an option of createMailslot', { maxMesageSize: 1 }],
  ['maxMessageSize', { maxMessageSize: -1 }],
  ['maxMessageSize', { maxMessageSize: 1.5 }],
  ['maxMessageSize', { maxMessageSize: 0x1_0000_0000 }],
  ['maxMessageSize', { maxMessageSize: Number.NaN }],
  ['maxMessageSize', { maxMessageSize: Number.POSITIVE_INFINITY }],
  ['maxMessageSize', { maxMessageSize: '424' }],
  ['maxMessageSize', { maxMessageSize: 5n }],
  ['readTimeout', { readTimeout: -1 }],
  ['readTimeout', { readTimeout: Number.NaN }],
  ['readTimeout', { readTimeout: '5' }],
  ['access', { access: 'all' }],
  ['access', { access: 0 }],
  ['remote', { remote: 'all' }],
  ['remote', { remote: true }],
  ['queue.bytes', { queue: { bytes: 63 } }],
  ['queue.bytes', { queue: { bytes: Number.POSITIVE_INFINITY } }],
  ['queue.bytes', { queue: { bytes: '64' } }],
  ['queue.whenFull', { queue: { whenFull: 'drop' } }],
  ['queue.whenFull', { queue: { whenFull: 1 } }],
  ['root', { root: '' }],
  ['root', { root: 5 }],
];

for (const [what, options] of invalid) {
  const shown = JSON.stringify(options, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  test(`${what} in ${shown} is refused with its name`, async (t) => {
    const root = temporaryRoot(t);
    await assert.rejects(createMailslot('a', { root, ...(options as CreateOptions) }), {
      code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
      message: new RegExp(`^${what.replace('.', '\\.')} (is|must be) `),
    });
  });
}

test('a slot for messages from other computers is there without a domain too, and says that none come', async (t) => {
  const warned = once(process, 'warning');
  const slot = await createMailslot('a', { root: temporaryRoot(t), remote: 'domain' });
  t.after(() => slot.close());
  const [warning] = await warned;
  assert.match(String(warning.message), /hears nothing from other computers for now: .*mailslot key new/);
  await sendMessage('a', 'from here', { root: slot.root });
  const message = slot.tryRead();
  assert.deepEqual([message?.text(), message?.sender.via], ['from here', 'local']);
});

test('remote is a word that is known', async (t) => {
  const options = { root: temporaryRoot(t), remote: 'all' } as unknown as CreateOptions;
  await assert.rejects(createMailslot('a', options), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
});

test('a slot is created on this computer only', async (t) => {
  const root = temporaryRoot(t);
  for (const name of ['//host/mailslot/a', '\\\\*\\mailslot\\a']) {
    await assert.rejects(createMailslot(name, { root }), {
      code: 'ERR_MAILSLOT_INVALID_NAME',
      message: /use the name a$/,
    });
  }
  await assert.rejects(createMailslot('a//b', { root }), { code: 'ERR_MAILSLOT_INVALID_NAME' });
});

test('a name that is taken is refused in every spelling, and free after its slot is closed', async (t) => {
  const root = temporaryRoot(t);
  const first = closedAfter(t, await createMailslot('app/événements', { root }));
  for (const spelling of [
    'APP/ÉVÉNEMENTS',
    '\\\\.\\Mailslot\\app\\événements',
    '//./mailslot/App/Événements',
  ]) {
    await assert.rejects(createMailslot(spelling, { root }), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
  }
  const closing = first.close();
  const second = closedAfter(t, await createMailslot('APP/ÉVÉNEMENTS', { root }));
  await closing;
  assert.equal(second.name, 'APP/ÉVÉNEMENTS');
});

test('one name is another slot in another root, and another name in the same root', async (t) => {
  const roots = [temporaryRoot(t), temporaryRoot(t)] as const;
  const slots = [];
  for (const [name, root] of [
    ['a', roots[0]],
    ['a', roots[1]],
    ['b', roots[0]],
    ['a/b', roots[0]],
  ] as const) {
    slots.push(closedAfter(t, await createMailslot(name, { root })));
    const client = closedAfter(t, await openMailslot(name, { root }));
    await client.write(`for ${name} in ${root}`);
  }
  assert.deepEqual(
    slots.map((slot) => drain(slot)),
    [
      [`for a in ${roots[0]}`],
      [`for a in ${roots[1]}`],
      [`for b in ${roots[0]}`],
      [`for a/b in ${roots[0]}`],
    ],
  );
});

test('of many that create one name at once one wins, and the others are told', async (t) => {
  const root = temporaryRoot(t);
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => createMailslot('a', { root })));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  for (const { value } of won) closedAfter(t, value);
  assert.equal(won.length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ERR_MAILSLOT_ALREADY_EXISTS');
  }
});

test('an aborted creation leaves no slot behind', async (t) => {
  const root = temporaryRoot(t);
  const reason = new Error('changed my mind');
  await assert.rejects(createMailslot('a', { root, signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const creation = createMailslot('a', { root, signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(creation, reason);
  closedAfter(t, await createMailslot('a', { root }));
});

test('an option beats the environment for the root', async (t) => {
  const roots = [temporaryRoot(t), temporaryRoot(t)] as const;
  const before = process.env['MAILSLOT_ROOT'];
  process.env['MAILSLOT_ROOT'] = roots[0];
  try {
    assert.equal(mailslotRoot(), roots[0]);
    assert.equal(closedAfter(t, await createMailslot('a')).root, roots[0]);
    assert.equal(closedAfter(t, await createMailslot('a', { root: roots[1] })).root, roots[1]);
  } finally {
    if (before === undefined) delete process.env['MAILSLOT_ROOT'];
    else process.env['MAILSLOT_ROOT'] = before;
  }
});
