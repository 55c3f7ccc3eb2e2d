import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMailslot } from '../../index.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { closedAfter, temporaryRoot } from '../temp-root.test.support.js';
import { clearAway, standingOf } from './clear.js';
import { folderFinder } from './folder-finder.js';
import { folderSpace } from './folder-space.js';

const onUnix = { skip: process.platform === 'win32' && 'needs unix sockets' };

/** A living slot, and beside it a place with a dead socket of the same name. */
async function livingAndDead(
  t: TestContext,
): Promise<{ root: string; living: string; place: string; dead: string }> {
  const root = temporaryRoot(t);
  closedAfter(t, await createMailslot('living', { root }));
  const living = folderFinder(root).locate(parseName('living')) ?? assert.fail('no slot');
  const place = join(root, '0'.repeat(32));
  mkdirSync(place);
  const server = createServer();
  await once(server.listen(join(place, 'made')), 'listening');
  // Its server removes the name that it made, and no other.
  const dead = living.replace(dirname(living), place);
  renameSync(join(place, 'made'), dead);
  await new Promise((resolve) => server.close(resolve));
  return { root, living, place, dead };
}

test('what is dead and ours is cleared away', onUnix, async (t) => {
  const { root, place, dead } = await livingAndDead(t);
  await folderSpace(root, realPorts).clear(dead);
  assert.equal(existsSync(place), false);
});

test('what was dead when it was asked, and has become a link since, is left alone', onUnix, async (t) => {
  const { root, living, place, dead } = await livingAndDead(t);
  // It has been asked when this returns, and has not been answered.
  const clearing = folderSpace(root, realPorts).clear(dead);
  renameSync(place, `${place}-away`);
  symlinkSync(dirname(living), place);
  await clearing;
  assert.ok(existsSync(living));
  assert.equal(standingOf(place), 'foreign');
  unlinkSync(place);
});

test('what was dead, and is not there any more, is left to whoever comes', onUnix, async (t) => {
  const { place, dead } = await livingAndDead(t);
  unlinkSync(dead);
  rmdirSync(place);
  assert.equal(clearAway(dead), 'nothing');
});
