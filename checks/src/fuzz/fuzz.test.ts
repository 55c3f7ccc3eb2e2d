import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNode } from '../support/program.js';

const main = 'checks/dist/fuzz/main.js';

test('a short campaign passes, and is the same for the same seed', () => {
  const { code, stdout } = runNode([main, '--runs', '4000', '--seed', '1']);
  assert.equal(code, 0, stdout);
  const targets = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).fuzz);
  assert.deepEqual(targets, [
    ...['greeting', 'hello', 'info', 'answers', 'bytes', 'names', 'traffic', 'lan', 'lan-sealed'],
    ...[
      'browse',
      'echo',
      'preface',
      'sender',
      'config',
      'policy',
      'key-line',
      'note',
      'old-note',
      'history',
      'api',
    ],
  ]);
});

test('a decoder that throws what it should not is found, with a seed that repeats it', () => {
  const { code, stdout } = runNode([main, '--canary', '--runs', '2000', '--seed', '1']);
  assert.equal(code, 1);
  const { ok, seed, input, error } = JSON.parse(stdout);
  assert.deepEqual({ ok, input }, { ok: false, input: '2a' });
  assert.match(error, /^TypeError/);
  assert.equal(runNode([main, '--canary', '--runs', '1', '--seed', String(seed)]).code, 1);
  assert.equal(runNode([main, '--canary', '--runs', '1', '--seed', String(seed + 1)]).code, 0);
});
