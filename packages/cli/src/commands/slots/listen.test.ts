import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createMailslot, openMailslot, sendMessage } from 'mailslot';
import { bin, scene } from '../../testing/scene.js';

test('each message is one line, with everything escaped, also in a pipe', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('app/events', '--count', '4');
  for (const text of ['hello', 'two\nlines', '\x1b[31mred', ''])
    await sendMessage('app/events', text, { root });
  const { code, stdout, stderr } = await ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout, 'hello\ntwo\\nlines\n\\x1b[31mred\n\n');
});

test('--count ends after so many and leaves the name free', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('a', '--count', '2');
  const client = await openMailslot('a', { root });
  await client.writeMany(['1', '2']);
  await client.close();
  assert.equal((await ended).stdout, '1\n2\n');
  await (await createMailslot('a', { root })).close();
});

test('--json: text where it is text, base64 where not, with size, sender and time', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('a', '--json', '--count', '3');
  const before = Date.now();
  await sendMessage('a', 'grün \x1b[31m\u202e', { root });
  await sendMessage('a', Buffer.from([0xff, 0x00]), { root });
  await sendMessage('a', '', { root });
  const { stdout } = await ended;
  assert.ok(!stdout.includes('\x1b') && !stdout.includes('\u202e'));
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    objects.map(({ text, base64, size }) => ({ text, base64, size })),
    [
      { text: 'grün \x1b[31m\u202e', base64: undefined, size: 14 },
      { text: undefined, base64: '/wA=', size: 2 },
      { text: '', base64: undefined, size: 0 },
    ],
  );
  for (const { sender, time } of objects) {
    assert.deepEqual(sender, { via: 'local', authenticated: true, pid: process.pid });
    assert.ok(Date.parse(time) >= before && Date.parse(time) <= Date.now());
  }
});

test('--raw: the bytes as they came, byte for byte', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('a', '--raw', '--count', '3');
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256));
  for (const part of [bytes.subarray(0, 7), bytes.subarray(7, 200_000), bytes.subarray(200_000)]) {
    await sendMessage('a', part, { root });
  }
  assert.deepEqual((await ended).bytes, bytes);
});

test('--raw waits for a slow reader instead of filling memory', async (t) => {
  const { listen, root } = scene(t);
  const { child, ended } = await listen('a', '--raw', '--queue-bytes', '2m');
  child.stdout.pause();
  const client = await openMailslot('a', { root });
  const full = Buffer.alloc(1024 * 1024, 'x');
  // Queue, pipe and what is on its way take a few of these; the rest waits here.
  const written = client.writeMany(Array.from({ length: 100 }, () => full));
  const { queueUsed } = await client.info();
  assert.ok(queueUsed <= 2 * 1024 * 1024);
  let read = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  child.stdout.resume();
  await written;
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    assert.ok(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) < 130 * 1024);
  }
  await client.close();
  child.kill('SIGTERM');
  await ended;
  assert.ok(read <= 100 * full.length);
});

test('--timeout: exit code 3 when nothing came for so long', async (t) => {
  const { run } = scene(t);
  const { code, stdout, stderr } = await run('listen', 'a', '--timeout', '20ms', '--json');
  assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  assert.equal(JSON.parse(stderr).error.code, 'ERR_MAILSLOT_TIMEOUT');
});

test('--exec runs for each message, one after the other, with the message as its input only', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('Jobs', '--count', '3', '--exec', 'cat; echo " $MAILSLOT_NAME" $#');
  for (const text of ['first', '; echo pwned', '$(echo pwned)']) await sendMessage('jobs', text, { root });
  const { code, stdout, stderr } = await ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout, 'first Jobs 0\n; echo pwned Jobs 0\n$(echo pwned) Jobs 0\n');
});

test('--exec tells who sent, goes on after a failure, and the command need not read its input', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('a', '--count', '3', '--exec', 'echo $MAILSLOT_SENDER_PID; exit 7');
  for (const text of ['1', 'x'.repeat(1_000_000), '3']) await sendMessage('a', text, { root });
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0);
  assert.equal(stdout, `${process.pid}\n`.repeat(3));
  assert.equal(stderr, 'mailslot: the command failed with exit code 7; listening goes on\n'.repeat(3));
});

test('--exec tells of a command that a signal ended', async (t) => {
  const { listen, root } = scene(t);
  const { ended } = await listen('a', '--count', '1', '--exec', 'kill -9 $$');
  await sendMessage('a', '', { root });
  assert.equal((await ended).stderr, 'mailslot: the command was ended by SIGKILL; listening goes on\n');
});

test('the options of the slot reach it', async (t) => {
  const { listen, root } = scene(t);
  const options = [
    '--max-size',
    '1k',
    '--access',
    'group',
    '--queue-bytes',
    '64k',
    '--when-full',
    'drop-oldest',
  ];
  await listen('a', ...options);
  const client = await openMailslot('a', { root });
  const { maxMessageSize, access, queueBytes, whenFull } = await client.info();
  await client.close();
  assert.deepEqual(
    { maxMessageSize, access, queueBytes, whenFull },
    { maxMessageSize: 1024, access: 'group', queueBytes: 65_536, whenFull: 'drop-oldest' },
  );
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} frees the name at once and the shell sees ${code}`, async (t) => {
    const { listen, root, other } = scene(t);
    const { child, ended } = await listen('a');
    child.kill(signal);
    assert.equal((await ended).signal, signal);
    await (await createMailslot('a', { root })).close();

    const shell = other('sh', '-c', `"$0" "$1" listen b & wait $!; echo $?`, process.execPath, bin);
    const client = await openMailslot('b', { root, wait: 20_000 });
    const { pid } = await client.info();
    process.kill(pid, signal);
    assert.equal((await shell.ended).stdout, `${code}\n`);
    await client.close();
  });
}

test('a signal ends it although nobody reads its output, and ends the command it runs', async (t) => {
  const { listen, root } = scene(t);
  const stuck = await listen('a', '--raw');
  stuck.child.stdout.pause();
  const client = await openMailslot('a', { root });
  await client.write(Buffer.alloc(4 * 1024 * 1024));
  await client.close();
  stuck.child.kill('SIGTERM');
  stuck.child.stdout.resume();
  assert.equal((await stuck.ended).signal, 'SIGTERM');

  const busy = await listen('b', '--exec', 'echo started; exec sleep 1000');
  await sendMessage('b', '', { root });
  await busy.printed('started');
  busy.child.kill('SIGTERM');
  assert.equal((await busy.ended).signal, 'SIGTERM');
});

test('it ends quietly when its reader has enough', async (t) => {
  const { other, root } = scene(t);
  const pipe = other(
    'bash',
    '-c',
    `"$0" "$1" listen a | head -n 1; echo "\${PIPESTATUS[0]}"`,
    process.execPath,
    bin,
  );
  const client = await openMailslot('a', { root, wait: 20_000 });
  await client.write('first');
  await pipe.printed('first');
  // `head` ends some time after it has printed; until then the pipe takes what comes.
  while (pipe.child.exitCode === null && (await delivered(client.write('next'))));
  await client.close();
  const { stdout, stderr } = await pipe.ended;
  assert.deepEqual({ stdout, stderr }, { stdout: 'first\n0\n', stderr: '' });
});

test('a name that is taken: exit code 1', async (t) => {
  const { run, root } = scene(t);
  const slot = await createMailslot('a', { root });
  t.after(() => slot.close());
  const { code, stderr } = await run('listen', 'A');
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: the mailslot A already exists/);
});

test('what cannot be is refused with exit code 2', async (t) => {
  const { run } = scene(t);
  const lines: readonly string[][] = [
    ['listen'],
    ['listen', 'a', 'b'],
    ['listen', '//other/mailslot/a'],
    ['listen', 'a', '--count', '0'],
    ['listen', 'a', '--count', '1.5'],
    ['listen', 'a', '--timeout', 'soon'],
    ['listen', 'a', '--max-size', 'big'],
    ['listen', 'a', '--access', 'nobody'],
    ['listen', 'a', '--when-full', 'explode'],
    ['listen', 'a', '--queue-bytes', '1'],
    ['listen', 'a', '--raw', '--json'],
    ['listen', 'a', '--raw', '--exec', 'cat'],
    ['listen', 'a', '--json', '--exec', 'cat'],
  ];
  for (const words of lines) {
    const { code, stdout, stderr } = await run(...words);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.ok(stderr.length > 0);
  }
});

async function delivered(write: Promise<void>): Promise<boolean> {
  return write.then(
    () => true,
    () => false,
  );
}
