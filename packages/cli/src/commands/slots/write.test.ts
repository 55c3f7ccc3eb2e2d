import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createMailslot, type Mailslot, openMailslot } from 'mailslot';
import { type Scene, scene } from '../../testing/scene.js';

test('words become one message, joined by a space', async (t) => {
  const { slot, run } = await withSlot(t);
  assert.deepEqual(await run('write', 'app/events', 'deploy', 'is  done'), silent);
  assert.deepEqual(received(slot), ['deploy is  done']);
});

test('any spelling of the name needs no quoting', async (t) => {
  const { slot, run } = await withSlot(t);
  assert.deepEqual(await run('write', '//./mailslot/APP/events', 'a'), silent);
  assert.deepEqual(await run('write', '\\\\.\\mailslot\\app\\events', 'b'), silent);
  assert.deepEqual(received(slot), ['a', 'b']);
});

test('without words the whole input is one message, byte for byte; none is an empty one', async (t) => {
  const { slot, feed } = await withSlot(t);
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256));
  assert.deepEqual(await feed(bytes, 'write', 'app/events'), silent);
  assert.deepEqual(await feed('', 'write', 'app/events'), silent);
  assert.deepEqual(await feed('ignored', 'write', 'app/events', ''), silent);
  assert.deepEqual(slot.tryRead()?.data, bytes);
  assert.deepEqual(received(slot), ['', '']);
});

test('a message that begins with a dash stands after two', async (t) => {
  const { slot, run } = await withSlot(t);
  assert.deepEqual(await run('write', 'app/events', '--', '--json', '-5'), silent);
  assert.deepEqual(received(slot), ['--json -5']);
});

test('--lines: each line is a message, in order, and a last line without an end counts', async (t) => {
  const { slot, feed } = await withSlot(t);
  assert.deepEqual(await feed('a\r\n\nb', 'write', 'app/events', '--lines'), silent);
  assert.deepEqual(received(slot), ['a', '', 'b']);
});

test('--lines sends each line when it comes, not when the input ends', async (t) => {
  const { slot, start } = await withSlot(t);
  const { child, ended } = start('write', '--lines', 'app/events');
  child.stdin.write('first\nsec');
  assert.equal((await slot.read()).text(), 'first');
  child.stdin.end('ond\n');
  assert.equal((await slot.read()).text(), 'second');
  assert.equal((await ended).code, 0);
});

test('--lines --wait goes on with the next reader, and without --wait says that there is none', async (t) => {
  const { root, start } = scene(t);
  const first = await createMailslot('app/events', { root });
  const following = start('write', '--lines', '--wait', '20s', 'app/events');
  const ending = start('write', '--lines', 'app/events');
  const words: string[] = [];
  for (const { child } of [following, ending]) child.stdin.write('one\n');
  for (const _ of [following, ending]) words.push((await first.read()).text());
  assert.deepEqual(words, ['one', 'one']);
  await first.close();

  ending.child.stdin.write('two\n');
  const { code, stderr } = await ending.ended;
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: .*app\/events/);

  following.child.stdin.write('two\n');
  const second = await createMailslot('app/events', { root });
  assert.equal((await second.read()).text(), 'two');
  following.child.stdin.end('three');
  assert.equal((await second.read()).text(), 'three');
  assert.equal((await following.ended).code, 0);
  await second.close();
});

test('--lines waits for a slow reader instead of filling memory', async (t) => {
  const { slot, start } = await withSlot(t, { bytes: 64 * 1024 });
  const { child, ended } = start('write', '--lines', 'app/events', '--json');
  const block = `${'x'.repeat(1023)}\n`.repeat(1024);
  const blocks = 100;
  for (let count = 0; count < blocks; count += 1) child.stdin.write(block);
  for (let count = 0; count < blocks * 1024; count += 1) assert.equal((await slot.read()).size, 1023);
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const peakKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
    assert.ok(peakKb < 130 * 1024, `${peakKb} kB at most`);
  }
  child.stdin.end();
  assert.equal((await ended).stdout, `{"messages":${blocks * 1024},"bytes":${blocks * 1024 * 1023}}\n`);
});

test('--file reads a file', async (t) => {
  const { slot, run, root } = await withSlot(t);
  const path = `${root}.txt`;
  writeFileSync(path, 'one\ntwo\n');
  t.after(() => rmSync(path));
  assert.deepEqual(await run('write', 'app/events', '--file', path), silent);
  assert.deepEqual(await run('write', 'app/events', '--file', path, '--lines'), silent);
  assert.deepEqual(received(slot), ['one\ntwo\n', 'one', 'two']);

  const { code, stderr } = await run('write', 'app/events', '--file', `${path}.no`);
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: cannot read .*: there is no such file or folder\n$/);
});

test('--json tells what was written', async (t) => {
  const { slot, run, feed } = await withSlot(t);
  assert.equal((await run('write', 'app/events', 'grün', '--json')).stdout, '{"messages":1,"bytes":5}\n');
  const { stdout } = await feed('a\nbc\n', 'write', 'app/events', '--json', '--lines');
  assert.equal(stdout, '{"messages":2,"bytes":3}\n');
  assert.equal(slot.info().messageCount, 3);
});

test('what the slot does not take is refused, and the error says the limit', async (t) => {
  const { slot, run, feed } = await withSlot(t, undefined, 10);
  const inputs: readonly (() => ReturnType<Scene['run']>)[] = [
    () => run('write', 'app/events', 'x'.repeat(11)),
    () => feed('x'.repeat(11), 'write', 'app/events'),
    () => feed(`ok\n${'x'.repeat(11)}\n`, 'write', 'app/events', '--lines'),
  ];
  for (const input of inputs) {
    const { code, stdout, stderr } = await input();
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^mailslot: .*\b10\b.*\n$/);
  }
  const { stderr } = await run('write', 'app/events', 'x'.repeat(11), '--json');
  assert.equal(JSON.parse(stderr).error.code, 'ERR_MAILSLOT_MESSAGE_TOO_LARGE');
  assert.deepEqual(received(slot), []);
});

test('an endless input is refused as soon as it is too long', async (t) => {
  const { start } = await withSlot(t, undefined, 10);
  const { child, ended } = start('write', 'app/events');
  child.stdin.on('error', () => {});
  child.stdin.write('x'.repeat(11));
  assert.equal((await ended).code, 1);
});

test('no slot: exit code 1, told as text or as JSON', async (t) => {
  const { run, root } = scene(t);
  const { code, stderr } = await run('write', 'no/such', 'a');
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: no mailslot no\/such .*\n$/);
  assert.ok(stderr.includes(root));
  const { error } = JSON.parse((await run('write', 'no/such', 'a', '--json')).stderr);
  assert.equal(error.code, 'ERR_MAILSLOT_NOT_FOUND');
});

test('--wait waits for the slot to appear', async (t) => {
  const { start, root } = scene(t);
  const { ended } = start('write', '--wait', '20s', 'app/late', 'hello');
  const slot = await createMailslot('app/late', { root });
  assert.equal((await slot.read()).text(), 'hello');
  assert.equal((await ended).code, 0);
  await slot.close();
});

test('--wait and --timeout end with exit code 3', async (t) => {
  const { run, start } = await withSlot(t, { bytes: 100 });
  assert.equal((await run('write', '--wait', '10ms', 'no/such', 'a')).code, 3);
  assert.equal((await run('write', 'app/events', 'x'.repeat(30))).code, 0);
  // The queue is full now.
  const full = await run('write', '--timeout', '300ms', 'app/events', 'more', '--json');
  assert.equal(full.code, 3);
  const { error } = JSON.parse(full.stderr);
  assert.equal(error.code, 'ERR_MAILSLOT_TIMEOUT');
  assert.match(
    error.message,
    /^app\/events has not confirmed everything within 300ms \(--timeout\).*queue may be full/,
  );
  // The input never ends.
  for (const lines of [[], ['--lines']]) {
    assert.equal((await start('write', '--timeout', '300ms', 'app/events', ...lines).ended).code, 3);
  }
});

test('a full queue that rejects: exit code 1', async (t) => {
  const { root, run } = scene(t);
  const slot = await createMailslot('a', { root, queue: { bytes: 70, whenFull: 'reject' } });
  assert.equal((await run('write', 'a', '1')).code, 0);
  const { code, stderr } = await run('write', 'a', '2', '--json');
  assert.equal(code, 1);
  assert.equal(JSON.parse(stderr).error.code, 'ERR_MAILSLOT_QUEUE_FULL');
  await slot.close();
});

test('a server that ends while it is written to: exit code 1', async (t) => {
  const { slot, start, root } = await withSlot(t);
  const { child, ended } = start('write', '--lines', 'app/events');
  child.stdin.on('error', () => {});
  child.stdin.write('first\n');
  await slot.read();
  await slot.close();
  await assert.rejects(openMailslot('app/events', { root }), { code: 'ERR_MAILSLOT_NOT_FOUND' });
  child.stdin.write('second\n');
  const { code, stderr } = await ended;
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: /);
});

test('what cannot be is refused with exit code 2', async (t) => {
  const { run } = scene(t);
  const lines: readonly string[][] = [
    ['write'],
    ['write', 'a', 'text', '--lines'],
    ['write', 'a', 'text', '--file', 'x'],
    ['write', 'a', '--wait', 'soon'],
    ['write', 'a', '--timeout', '-1'],
    ['write', 'a//b', 'text'],
    ['write', '', 'text'],
  ];
  for (const words of lines) {
    const { code, stdout, stderr } = await run(...words);
    assert.equal(code, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^mailslot: [^\n]+\n$/);
  }
});

const silent = { code: 0, signal: null, stdout: '', stderr: '', bytes: Buffer.alloc(0) };

async function withSlot(
  t: Parameters<typeof scene>[0],
  queue: { bytes?: number } = {},
  maxMessageSize = 0,
): Promise<Scene & { slot: Mailslot }> {
  const stage = scene(t);
  const slot = await createMailslot('app/events', { root: stage.root, queue, maxMessageSize });
  t.after(() => slot.close());
  return { ...stage, slot };
}

function received(slot: Mailslot): string[] {
  const texts: string[] = [];
  for (let next = slot.tryRead(); next !== undefined; next = slot.tryRead()) texts.push(next.text());
  return texts;
}
