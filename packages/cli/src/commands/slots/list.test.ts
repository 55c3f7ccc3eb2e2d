import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMailslot, type Mailslot, mailslotRoot, sendMessage } from 'mailslot';
import { type Scene, scene } from '../../testing/scene.js';

test('an empty root: nothing on standard output, a word for people on the other, exit code 0', async (t) => {
  const { run, root } = scene(t);
  for (const options of [[], ['--json'], ['--names']]) {
    const { code, stdout, stderr } = await run('list', ...options);
    const words = options[0] === '--json' ? '' : `no mailslots in ${root}\n`;
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: words });
  }
  assert.notEqual(mailslotRoot(), root);
});

test('a table, sorted by name', async (t) => {
  const { run, root } = await withSlots(t, 'b/second', 'a');
  await sendMessage('b/second', 'x'.repeat(2000), { root });
  const { code, stdout } = await run('list');
  assert.equal(code, 0);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ +/));
  assert.deepEqual(rows, [
    ['NAME', 'PID', 'WAITING', 'NEXT', 'MAX', 'QUEUE', 'ACCESS'],
    ['a', `${process.pid}`, '0', '-', '4m', '0/64m', 'owner'],
    ['b/second', `${process.pid}`, '1', '2k', '4m', '2k/64m', 'owner'],
  ]);
});

test('--json: one object a line; --names: one name a line', async (t) => {
  const { run } = await withSlots(t, 'b', 'a');
  const objects = (await run('list', '--json')).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    objects.map(({ name, messageCount, queueBytes }) => ({ name, messageCount, queueBytes })),
    ['a', 'b'].map((name) => ({ name, messageCount: 0, queueBytes: 64 * 1024 * 1024 })),
  );
  assert.equal((await run('list', '--names')).stdout, 'a\nb\n');
});

test('names that a terminal would obey are shown escaped', async (t) => {
  const { run } = await withSlots(t, 'evil\x1b]0;title\x07', 'two\nlines');
  const { stdout } = await run('list', '--names');
  assert.equal(stdout, 'evil\\x1b]0;title\\x07\ntwo\\nlines\n');
  assert.match((await run('list')).stdout, /^evil\\x1b\]0;title\\x07 /m);
  assert.ok(!(await run('list', '--json')).stdout.includes('\x1b'));
});

test('--root beats the environment, before the command and after it', async (t) => {
  const { run } = scene(t);
  const { root } = await withSlots(t, 'elsewhere');
  assert.equal((await run('--root', root, 'list', '--names')).stdout, 'elsewhere\n');
  assert.equal((await run('list', '--names', '--root', root)).stdout, 'elsewhere\n');
  assert.equal((await run('list', '--names')).stdout, '');
});

test('a root that cannot be used: exit code 1 and what to do', async (t) => {
  const { run, root } = scene(t);
  const open = join(root, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  const link = join(root, 'link');
  symlinkSync(open, link);
  for (const [bad, words] of [
    [open, /chmod 700/],
    [link, /symbolic link/],
  ] as const) {
    const { code, stderr } = await run('list', '--root', bad, '--json');
    assert.equal(code, 1);
    const { error } = JSON.parse(stderr);
    assert.equal(error.code, 'ERR_MAILSLOT_UNUSABLE_ROOT');
    assert.match(error.message, words);
  }
});

test('--watch in a pipe: one block for each change', async (t) => {
  const { start, root, slots } = await withSlots(t, 'a');
  const watching = start('list', '--watch');
  await watching.printed('a ');
  const b = await createMailslot('b', { root });
  await watching.printed('b ');
  await b.close();
  await slots[0]?.close();
  await watching.printed(`no mailslots in ${root}`);
  watching.child.kill('SIGINT');
  const { signal, stdout } = await watching.ended;
  assert.equal(signal, 'SIGINT');
  const frames = stdout.split('\n\n');
  assert.ok(frames.slice(0, -1).every((frame) => frame.startsWith('NAME')));
  assert.ok(frames.every((frame, at) => frame !== frames[at - 1]));
});

test('--watch --json: one object for each change', async (t) => {
  const { start, root } = await withSlots(t, 'a');
  const watching = start('list', '--watch', '--json');
  await watching.printed('"a"');
  await sendMessage('a', 'hello', { root });
  await watching.printed('"messageCount":1');
  const b = await createMailslot('b', { root });
  await watching.printed('"b"');
  await b.close();
  await watching.printed('{"name":"b","gone":true}\n');
});

test('--watch ends quietly when its reader has enough', async (t) => {
  const { start, root } = await withSlots(t, 'a');
  const watching = start('list', '--watch');
  await watching.printed('a ');
  watching.child.stdout.destroy();
  await sendMessage('a', 'a change', { root });
  const { code, stderr } = await watching.ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('what cannot be is refused with exit code 2', async (t) => {
  const { run } = scene(t);
  for (const words of [['--names', '--json'], ['--names', '--watch'], ['extra'], ['--no-such']]) {
    assert.equal((await run('list', ...words)).code, 2, words.join(' '));
  }
});

async function withSlots(
  t: TestContext,
  ...names: readonly string[]
): Promise<Scene & { slots: readonly Mailslot[] }> {
  const stage = scene(t);
  const slots: Mailslot[] = [];
  for (const name of names) slots.push(await createMailslot(name, { root: stage.root }));
  t.after(() => Promise.all(slots.map((slot) => slot.close())));
  return { ...stage, slots };
}
