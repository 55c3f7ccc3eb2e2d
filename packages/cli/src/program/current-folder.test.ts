import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bin, type Running, type Scene, scene } from '../testing/scene.js';

/* The shell stands in a folder that somebody has removed meanwhile, as after a build or a switch of branches. */

const onUnix = { skip: process.platform === 'win32' && 'Windows keeps a folder in which somebody is' };

function inRemovedFolder({ root, other }: Scene, set: string, ...words: readonly string[]): Running {
  const script = `mkdir "$0/gone" && cd "$0/gone" && rmdir "$0/gone" && ${set} exec "$@" 2>&1`;
  return other('sh', '-c', script, root, process.execPath, bin, ...words);
}

for (const [words, expected] of [
  ['list', 0],
  ['doctor', 1],
  ['key list', 0],
  ['policy check', 2],
  ['names', 0],
  ['completion bash', 0],
  ['--help', 0],
  ['listen app --timeout 1ms', 3],
] as const) {
  test(`mailslot ${words} works in a folder that was removed`, onUnix, async (t) => {
    const { stdout, code } = await inRemovedFolder(scene(t), '', ...words.split(' ')).ended;
    assert.doesNotMatch(stdout, /uv_cwd|ENOENT|getcwd/);
    assert.equal(code, expected, stdout);
  });
}

for (const [set, words] of [
  ['', 'list --root slots'],
  ['MAILSLOT_ROOT=slots', 'list'],
  ['MAILSLOT_ROOT=slots', 'listen app'],
  ['MAILSLOT_ROOT=slots', 'write app x'],
  ['MAILSLOT_ROOT=slots', 'doctor'],
  ['MAILSLOT_CONFIG=config.json', 'key list'],
  ['MAILSLOT_CONFIG=config.json', 'doctor'],
] as const) {
  test(
    `what is named from such a folder on is refused, with what helps: ${set} mailslot ${words}`,
    onUnix,
    async (t) => {
      const { stdout, code } = await inRemovedFolder(scene(t), set, ...words.split(' ')).ended;
      assert.match(stdout, /the current folder was removed/);
      assert.match(stdout, /name it from \/ on, or go to another folder/);
      assert.doesNotMatch(stdout, /uv_cwd|ENOENT/);
      assert.equal(code, 1);
    },
  );
}
