import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { realRandom } from '../ports/random.js';
import { openHistory } from './history.js';
import { noteOf, temporaryFolder } from './messenger.test.support.js';

const PROGRAM = fileURLToPath(new URL('./history-writer.test.support.js', import.meta.url));

interface Writer {
  readonly child: ChildProcess;
  /** How many notes it has said to be in. */
  readonly told: () => number;
  readonly ended: Promise<unknown>;
}

function writer(t: TestContext, folder: string, name: string, count: number): Writer {
  const child = spawn(process.execPath, [PROGRAM, folder, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let told = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    told += chunk.filter((byte) => byte === 0x0a).length;
  });
  return { child, told: () => told, ended: once(child, 'close') };
}

/** How many notes of each writer are there, which must be the first ones, in order, and whole. */
function notesOf(folder: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of openHistory(folder).notes()) {
    const [name = '', at = ''] = text.split(' ');
    if (name === 'end') continue;
    assert.equal(Number(at), counts.get(name) ?? 0, `of ${name}`);
    assert.match(text.slice(`${name} ${at} `.length), /^x+$/);
    counts.set(name, Number(at) + 1);
  }
  return counts;
}

test('of several processes that add at once nothing is lost', async (t) => {
  const folder = temporaryFolder(t);
  const writers = ['a', 'b', 'c'].map((name) => writer(t, folder, name, 100));
  await Promise.all(writers.map(({ ended }) => ended));
  assert.deepEqual([...notesOf(folder)].sort(), [
    ['a', 100],
    ['b', 100],
    ['c', 100],
  ]);
});

test('whoever is killed at whatever moment, what was in stays in, and the others go on', async (t) => {
  const folder = temporaryFolder(t);
  const told = new Map<string, number>();
  for (let round = 0; round < 8; round += 1) {
    const victim = writer(t, folder, `victim${round}`, 1_000_000);
    const other = writer(t, folder, `other${round}`, 60);
    // It goes on meanwhile, so it is somewhere in the midst of another one.
    const [notes = 0] = realRandom.bytes(1);
    while (victim.told() <= notes % 32) await once(victim.child.stdout!, 'data');
    victim.child.kill('SIGKILL');
    await Promise.all([victim.ended, other.ended]);
    told.set(`victim${round}`, victim.told());
    told.set(`other${round}`, 60);
    openHistory(folder).append(noteOf({ text: 'end' }));
  }
  const counts = notesOf(folder);
  for (const [name, least] of told) {
    const count = counts.get(name) ?? 0;
    // One more may have been in before its writer could say so.
    assert.ok(
      count === least || (count === least + 1 && name.startsWith('victim')),
      `${name}: ${count}, ${least} told`,
    );
  }
  assert.equal(openHistory(folder).notes({ search: 'end' }).length, 8);
});
