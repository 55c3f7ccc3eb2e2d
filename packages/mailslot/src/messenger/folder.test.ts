import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configPath } from '../config/config-file.js';
import { messengerFolder } from './folder.js';

const unix = { skip: process.platform === 'win32' ? 'Windows has other variables' : false };
const isRoot = process.geteuid?.() === 0;

test(
  'the folder of a messenger is where the user says, and never in whatever folder a program is in',
  unix,
  () => {
    assert.equal(messengerFolder({ XDG_STATE_HOME: '/x' }), '/x/mailslot/messenger');
    for (const env of [{}, { HOME: 'here' }, { HOME: '' }, { XDG_STATE_HOME: 'here', HOME: '/' }]) {
      const folder = messengerFolder(env);
      assert.ok(folder.startsWith('/') && !folder.startsWith(`${process.cwd()}/here`), folder);
      assert.ok(configPath(env).startsWith('/'));
      assert.doesNotMatch(`${folder} ${configPath(env)}`, /here/);
    }
    if (!isRoot)
      assert.equal(messengerFolder({ HOME: '/home/a' }), '/home/a/.local/state/mailslot/messenger');
  },
);
