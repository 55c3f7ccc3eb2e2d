import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';

const asRoot = { skip: process.geteuid?.() === 0 ? false : 'needs root' };
const NOBODY = 65_534;

test(
  "in another user's root nobody is told to configure a domain, which has no effect there",
  asRoot,
  (t) => {
    const root = temporaryRoot(t);
    chmodSync(root, 0o1777);
    const program = `
    const { sendNote } = await import(${JSON.stringify(new URL('send-note.js', import.meta.url).href)});
    await sendNote('*', 'lunch', { root: ${JSON.stringify(root)} }).catch(({ code, message }) =>
      console.log(code, message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
      cwd: '/',
      timeout: 30_000,
      env: { HOME: '/nowhere', MAILSLOT_AUTOSTART: '0' },
    });
    assert.match(stdout, /^ERR_MAILSLOT_NOT_FOUND no messenger runs on this computer/);
    assert.match(stdout, /uid 0, who owns that folder.*MAILSLOT_ROOT/);
    assert.doesNotMatch(stdout, /key install/);
  },
);
