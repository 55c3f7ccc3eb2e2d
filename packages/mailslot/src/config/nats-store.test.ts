import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { readConfigFile } from './config-file.js';
import { storeNats } from './nats-store.js';

const servers = ['nats://a.example:4222'];
const unix = { skip: process.platform === 'win32' ? 'files have no modes here' : false };

test('the first domain, or the one that is named, is carried over NATS, and no longer', (t) => {
  const { path } = place(t);
  assert.equal(storeNats({ servers }, { path }), 'ONE');
  assert.equal(storeNats({ servers, token: 'x' }, { path, domain: 'two' }), 'TWO');
  const stored = () => readConfigFile(path).domains.map(({ nats }) => nats);
  assert.deepEqual(stored(), [{ servers }, { servers, token: 'x' }]);
  storeNats(undefined, { path });
  assert.deepEqual(stored(), [undefined, { servers, token: 'x' }]);
});

test('files are looked at, and stay what they are when one does not do', unix, (t) => {
  const { path, folder } = place(t);
  const nkey = join(folder, 'a.nk');
  const refused = (message: RegExp) => ({ code: 'ERR_MAILSLOT_UNUSABLE_CONFIG', message });
  assert.throws(
    () => storeNats({ servers, nkey }, { path }),
    refused(/the NATS nkey .*a\.nk .*it is not there/),
  );
  writeFileSync(nkey, 'SU', { mode: 0o600 });
  chmodSync(nkey, 0o640);
  assert.throws(() => storeNats({ servers, nkey }, { path }), refused(/chmod 600/));
  // What is no secret may be read by all.
  assert.throws(() => storeNats({ servers, ca: nkey, nkey }, { path }), refused(/nkey/));
  assert.equal(readConfigFile(path).domains[0]?.nats, undefined);
  storeNats({ servers, ca: nkey }, { path });
  assert.deepEqual(readConfigFile(path).domains[0]?.nats, { servers, ca: nkey });
});

test('what cannot be is refused, with the next step', (t) => {
  const { path, folder } = place(t);
  const refused = (message: RegExp) => ({ code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message });
  assert.throws(() => storeNats({ servers: ['a'] }, { path }), refused(/nats\.servers is a list/));
  assert.throws(
    () => storeNats({ servers }, { path, domain: 'three' }),
    refused(/not in the domain THREE.*mailslot key new THREE/),
  );
  assert.throws(() => storeNats({ servers }, { path, domain: '*' }), refused(/is no name/));
  assert.throws(
    () => storeNats({ servers }, { path: join(folder, 'none.json') }),
    refused(/in no domain.*key new/),
  );
});

function place(t: TestContext): { readonly folder: string; readonly path: string } {
  const folder = temporaryRoot(t);
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ domains: [{ name: 'ONE' }, { name: 'TWO' }] }), { mode: 0o600 });
  return { folder, path };
}
