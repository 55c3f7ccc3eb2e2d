import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryRoot } from '../temp-root.test.support.js';
import { accountsCalled, isForAnother } from './accounts.js';

const unix = { skip: process.platform === 'win32' ? 'accounts have no numbers' : false };

test('an account is found in whatever case, and by its number where it has no name', unix, async () => {
  assert.deepEqual(await accountsCalled('ROOT'), [0]);
  assert.deepEqual(await accountsCalled('UID 4321'), [4321]);
  for (const name of ['*', '-U', '--HELP', '0', 'NIGHT SHIFT', '$(ID)', ''])
    assert.deepEqual(await accountsCalled(name), [], name);
});

test("in a root that is shared, a slot of an account's name is for that account alone", unix, async (t) => {
  const root = temporaryRoot(t);
  const cases = async (): Promise<boolean[]> => [
    await isForAnother(root, 'messngr/root', 0),
    await isForAnother(root, 'MESSNGR/Root', 4321),
    await isForAnother(root, 'messngr/root', undefined),
    await isForAnother(root, 'messngr/UID 4321', 4321),
    await isForAnother(root, 'messngr/UID 4321', 0),
    await isForAnother(root, 'messngr/*/4321/1', 4321),
    await isForAnother(root, 'messngr/*/4321/1', 0),
    await isForAnother(root, 'messngr/night shift', 4321),
    await isForAnother(root, 'messngr/*', 4321),
    await isForAnother(root, 'app/root', 4321),
  ];
  assert.ok(
    (await cases()).every((each) => !each),
    'in a root of his own a user is all there is',
  );
  for (const mode of [0o1777, 0o1770]) {
    chmodSync(root, mode);
    assert.deepEqual(await cases(), [false, true, true, false, true, false, true, false, false, false]);
  }
});
