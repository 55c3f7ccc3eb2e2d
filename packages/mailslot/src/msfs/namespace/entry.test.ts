import assert from 'node:assert/strict';
import fs, { mkdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stateFolder } from '../../daemon/state-folder.js';
import { createMailslot, listMailslots, openMailslot } from '../../index.js';
import { parseName } from '../../name/slot-name.js';
import { realPorts } from '../../ports/ports.js';
import { closedAfter, temporaryRoot } from '../temp-root.test.support.js';
import { sweepDrafts } from './draft.js';
import { findSlots } from './find-slots.js';
import { folderOf } from './folder-finder.js';
import { ownRoot, usualRoot } from './own-root.js';

/*
 * What another user has mounted in a shared root answers each look with an error of that user's choice, and `rename` with
 * EBUSY. Here the calls do.
 */

const onUnix = { skip: process.platform === 'win32' && 'needs unix sockets' };
const ERRORS = ['EACCES', 'EPERM', 'ENOTCONN', 'EIO', 'ESTALE', 'ELOOP', 'ENAMETOOLONG'];

function mountedAt(t: TestContext, path: string, code: string): void {
  const { lstatSync, opendirSync, renameSync } = fs;
  const fail = (as: string): never => {
    throw Object.assign(new Error(as), { code: as });
  };
  const look = (...[asked, ...rest]: Parameters<typeof lstatSync>) =>
    asked === path ? fail(code) : lstatSync(asked, ...rest);
  t.mock.method(fs, 'lstatSync', look as typeof lstatSync);
  t.mock.method(fs, 'renameSync', (from: string, to: string) =>
    from === path || to === path ? fail('EBUSY') : renameSync(from, to),
  );
  t.mock.method(fs, 'opendirSync', (asked: string) => (asked === path ? fail(code) : opendirSync(asked)));
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

for (const code of ERRORS) {
  test(`a place that cannot be looked at (${code}) is one entry of a list`, onUnix, async (t) => {
    const root = temporaryRoot(t);
    closedAfter(t, await createMailslot('beside', { root }));
    const place = join(root, '0'.repeat(32));
    mkdirSync(place);
    mountedAt(t, place, code);
    const [barred, beside] = await listMailslots({ root });
    assert.equal(beside?.name, 'beside');
    assert.equal(barred?.error?.code, 'ERR_MAILSLOT_IO');
    assert.match(barred?.error?.message ?? '', new RegExp(`${place} .*${code}.*umount ${place}"$`));
  });

  test(`a name whose place cannot be looked at (${code}) says so to who wants it`, onUnix, async (t) => {
    const root = temporaryRoot(t);
    const place = folderOf(root, parseName('a'));
    mkdirSync(place);
    mountedAt(t, place, code);
    const remedy = new RegExp(`umount ${place}"$`);
    await assert.rejects(createMailslot('a', { root }), {
      code: 'ERR_MAILSLOT_ACCESS_DENIED',
      message: remedy,
    });
    // The first is a link that leads nowhere, the second a slot that is not for us, unless the system lists a mount there.
    if (code !== 'ELOOP' && code !== 'EACCES')
      await assert.rejects(openMailslot('a', { root }), { message: remedy });
    assert.throws(() => findSlots(root).lookFor(parseName('a')), {
      code: 'ERR_MAILSLOT_IO',
      message: remedy,
    });
  });

  test(`a draft and a state folder that cannot be looked at (${code}) are somebody's`, onUnix, async (t) => {
    const root = temporaryRoot(t);
    const draft = join(root, '.new-0123456789abcdef');
    mkdirSync(draft);
    mountedAt(t, draft, code);
    await sweepDrafts(root, realPorts.clock);
    t.mock.restoreAll();
    const state = join(root, '.redirector');
    mkdirSync(state);
    mountedAt(t, state, code);
    assert.throws(() => stateFolder(root, realPorts.random), {
      code: 'ERR_MAILSLOT_UNUSABLE_ROOT',
      message: new RegExp(`umount ${state}"$`),
    });
  });

  test(`an own root that cannot be looked at (${code}) is somebody else's`, onUnix, (t) => {
    mountedAt(t, usualRoot(), code);
    assert.doesNotThrow(ownRoot);
  });
}
