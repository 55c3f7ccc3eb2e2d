import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { onUnix } from '../harness/platform.js';
import { temporaryFolder, writeFiles } from './folder.js';
import { IN_GROUP_VARIABLE } from './group.js';
import { runNode } from './program.js';
import { inRepo } from './repo.js';
import { runTestFile } from './run-test-file.js';
import { until } from './until.js';

// As a canary's test this runs in a group; here it is about those who do not.
delete process.env[IN_GROUP_VARIABLE];

const LONG_MS = 60_000;

/** Starts a process that would never end, and writes its number down; `ends` says what comes then. */
const parent = (ends: string): string => `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  writeFileSync('pid', String(child.pid));
  ${ends}`;
const HANGS = 'setInterval(() => {}, 1000);';
const FAILS = `
  import { test } from 'node:test';
  test('fails', () => { throw new Error('on purpose'); });
  test('hangs', () => new Promise(() => {}));`;

test('what a program has started ends with it when its time is over', async (t) => {
  const folder = family(t, HANGS);
  assert.equal(runNode(['parent.mjs'], { cwd: folder, timeLimitMs: 3_000 }).code, undefined);
  await ended(t, folder);
});

test('what a test file has started ends with it when it is late, and when a test of it fails', async (t) => {
  for (const ends of [HANGS, FAILS]) {
    const folder = family(t, ends);
    const { passed } = await runTestFile(['parent.mjs'], folder, ends === HANGS ? 3_000 : LONG_MS);
    assert.equal(passed, false);
    await ended(t, folder);
  }
});

test('what a test of a test starts with a limit of its own ends with the outer one', async (t) => {
  const folder = family(t, HANGS);
  const door = pathToFileURL(inRepo('checks/dist/support/program.js')).href;
  writeFiles(folder, {
    'outer.mjs': `import { runNode } from ${JSON.stringify(door)};
      runNode(['parent.mjs'], { cwd: process.cwd(), timeLimitMs: ${LONG_MS * 10} });`,
  });
  assert.equal((await runTestFile(['outer.mjs'], folder, 4_000)).passed, false);
  await ended(t, folder);
});

test('what runs in a group ends with whoever has started it', onUnix, async (t) => {
  const folder = family(t, HANGS);
  const door = pathToFileURL(inRepo('checks/dist/support/run-test-file.js')).href;
  writeFiles(folder, {
    'runner.mjs': `import { runTestFile } from ${JSON.stringify(door)};
      await runTestFile(['parent.mjs'], process.cwd(), ${LONG_MS});`,
  });
  const runner = spawn(process.execPath, ['runner.mjs'], { cwd: folder, stdio: 'ignore' });
  t.after(() => runner.kill('SIGKILL'));
  await until('its start', () => textOf(folder) !== '');
  runner.kill('SIGTERM');
  await ended(t, folder);
});

function family(t: TestContext, ends: string): string {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'parent.mjs': parent(ends) });
  return folder;
}

async function ended(t: TestContext, folder: string): Promise<void> {
  const pid = Number(textOf(folder));
  assert.ok(pid > 0, 'it was started');
  t.after(() => isAlive(pid) && process.kill(pid, 'SIGKILL'));
  await until('its end', () => !isAlive(pid));
}

function textOf(folder: string): string {
  const file = join(folder, 'pid');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
