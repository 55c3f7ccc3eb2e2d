import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { run } from '../harness/child.js';
import { msSince } from '../harness/numbers.js';
import { proof } from '../harness/proof.js';

const { stdout: names } = await run('manners');

for (const play of names.trimEnd().split('\n')) {
  proof(`${play}: no message lost, no unhandled rejection, the process ends by itself`, async ({ root }) => {
    const begin = performance.now();
    const node = ['--unhandled-rejections=strict', '--throw-deprecation', '--trace-warnings'];
    const { code, stderr } = await run('manners', { args: [play, root], node });
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const left = readdirSync(root).length;
    if (process.platform !== 'win32' && !play.endsWith('unref')) assert.equal(left, 0);
    return { ms: msSince(begin) };
  });
}
