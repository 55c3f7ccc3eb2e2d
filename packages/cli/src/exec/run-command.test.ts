import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendMessage } from 'mailslot';
import { serving } from '../testing/domain.js';
import { type Running, scene } from '../testing/scene.js';
import { until } from '../testing/until.js';

const posix = { skip: process.platform === 'win32' && 'process groups are those of POSIX' };

/** A command with a child of its own, whose process id it prints. */
const WITH_CHILD = 'sleep 1000 & echo "child $!"; wait';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} of listen ends the command with all that it started`, posix, async (t) => {
    const { listen, root } = scene(t);
    const listening = await listen('a', '--exec', WITH_CHILD);
    await sendMessage('a', '', { root });
    const child = await childOf(listening);
    listening.child.kill(signal);
    assert.equal((await listening.ended).signal, signal);
    assert.ok(!isAlive(child));
  });
}

test('a signal of serve ends the command with all that it started', posix, async (t) => {
  const stage = scene(t);
  const people = await serving(stage, '--exec', WITH_CHILD);
  assert.equal((await stage.run('send', '*', 'hello')).code, 0);
  const child = await childOf(people);
  people.child.kill('SIGTERM');
  assert.equal((await people.ended).signal, 'SIGTERM');
  assert.ok(!isAlive(child));
});

test('what a command that has ended left running is ended as well', posix, async (t) => {
  const { listen, root } = scene(t);
  const listening = await listen(
    'a',
    '--exec',
    'sleep 1000 <&- >&- 2>&- & echo "child $!"; echo next; exit 0',
  );
  await sendMessage('a', '', { root });
  const child = await childOf(listening);
  await sendMessage('a', '', { root });
  const isSecond = (): boolean => listening.printedLines().filter((line) => line === 'next').length === 2;
  await until(isSecond, Boolean);
  assert.ok(isAlive(child));
  listening.child.kill('SIGTERM');
  assert.equal((await listening.ended).signal, 'SIGTERM');
  await until(
    () => isAlive(child),
    (is) => !is,
  );
});

test('a command may take its time to end, and a second signal ends it by force', posix, async (t) => {
  const { listen, root } = scene(t);
  const command = `trap 'echo asked' TERM; sh -c 'trap "" TERM; echo "child $$"; while :; do sleep 0.1; done' & while :; do wait; done`;
  const listening = await listen('a', '--exec', command);
  await sendMessage('a', '', { root });
  const child = await childOf(listening);
  listening.child.kill('SIGTERM');
  await listening.printed('asked');
  assert.equal(listening.child.exitCode, null);
  listening.child.kill('SIGTERM');
  assert.equal((await listening.ended).signal, 'SIGTERM');
  await until(
    () => isAlive(child),
    (is) => !is,
  );
});

async function childOf(running: Running): Promise<number> {
  await running.printed('child ');
  const line = running.printedLines().find((each) => each.startsWith('child ')) as string;
  return Number(line.slice('child '.length));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a command that cannot be started is told, and ends nothing', posix, async (t) => {
  const stage = scene(t);
  const module = new URL('./run-command.js', import.meta.url).href;
  const program = `
    import { openSync } from 'node:fs';
    import { runShell } from '${module}';
    const none = new AbortController().signal;
    try { for (;;) openSync('/dev/null'); } catch {}
    const told = { input: 'x', ours: {}, theirs: {}, record: {} };
    const failure = await runShell('true', told, { stop: none, now: none });
    setImmediate(() => process.stdout.write(failure));`;
  const limited = 'ulimit -n 60; exec "$0" --input-type=module -e "$1"';
  const { stdout, stderr } = await stage.other('sh', '-c', limited, process.execPath, program).ended;
  assert.deepEqual([stdout, stderr], ['could not be run: cannot start /bin/sh: too many files are open', '']);
});
