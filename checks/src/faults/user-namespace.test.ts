import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mayMount, onLinux, ownMounts } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { REDIRECTOR_FOLDER } from '../harness/raw.js';
import { ALICE, as, BOB, publicPrograms, sharedRoot } from '../harness/users.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import type { Computer } from './programs/computer.js';
import type { Intruder } from './programs/intruder.js';

/** As a rootless container: Alice is root in there, and nobody else of the computer has a number. */
const CONTAINER = [...as(ALICE), 'unshare', '--user', '--map-root-user'];

const rootless = spawnSync(CONTAINER[0] as string, [...CONTAINER.slice(1), 'true']).status === 0;
const needed = [onLinux, needs('root'), { skip: !rootless && 'needs user namespaces' }] as const;

proof(
  "in a user namespace a shared root of the host's is used, and what is said of owners is what can be known",
  async (at) => {
    const [root, folder] = [sharedRoot(at), publicPrograms(at)];
    const [inside, outside] = await Promise.all([
      at.agent({ folder, through: CONTAINER }),
      at.agent({ folder, through: as(BOB) }),
    ]);
    const slot = await inside.ask('create', 'inside', { root, access: 'everyone' });
    await outside.ask('create', 'outside', { root, access: 'everyone' });
    await outside.ask('send', 'inside', 'from outside', { root });
    assert.deepEqual(await inside.ask('readAll', slot), ['from outside']);
    await inside.ask('send', 'outside', 'from inside', { root });
    const owners = await inside.ask('list', { root });
    assert.deepEqual(
      owners.map(({ name, owner }) => [name, owner]),
      [
        ['inside', 0],
        ['outside', undefined],
      ],
    );
    // Outside it is Alice's, and says that it is root's.
    const seen = (await outside.ask('list', { root })).map(({ name, owner, code }) => [name, owner, code]);
    assert.deepEqual(seen, [
      [undefined, ALICE, 'ERR_MAILSLOT_MALFORMED'],
      ['outside', BOB, undefined],
    ]);
    return {};
  },
  ...needed,
);

proof(
  "in a user namespace nobody's redirector is trusted in a root whose owner has no number there",
  async (at) => {
    const [root, folder] = [sharedRoot(at), publicPrograms(at)];
    const intruder = await at.start<Intruder>('intruder', { folder, through: as(BOB) });
    await intruder.ask('squat', `${root}/${REDIRECTOR_FOLDER}`, 'listener');
    const env = { ...process.env, MAILSLOT_ROOT: root, MAILSLOT_CONFIG: '/nonexistent/config.json' };
    const inside = await at.start<Computer>('computer', { folder, through: CONTAINER, env });
    await assert.rejects(inside.ask('send', '//BRAVO/mailslot/x', 'a secret'), {
      code: 'ERR_MAILSLOT_ACCESS_DENIED',
      message: /belongs to nobody this user namespace knows/,
    });
    assert.equal(await intruder.ask('visitors'), 0);
    return {};
  },
  ...needed,
);

proof(
  'who is nobody in a user namespace cannot be told from others there, and is told what helps',
  async (at) => {
    const [root, folder] = [sharedRoot(at), publicPrograms(at)];
    const mine = at.folder();
    chownSync(mine, ALICE, ALICE);
    const nobody = await at.agent({ folder, through: [...as(ALICE), 'unshare', '--user'] });
    await assert.rejects(nobody.ask('create', 'app', { root: mine }), {
      code: 'ERR_MAILSLOT_UNUSABLE_ROOT',
      message: /you too; run this as another user, or set MAILSLOT_ROOT to a folder with mode 1777$/,
    });
    // And that helps.
    const slot = await nobody.ask('create', 'app', { root });
    await nobody.ask('send', 'app', 'x', { root });
    assert.deepEqual(await nobody.ask('readAll', slot), ['x']);
    return {};
  },
  ...needed,
);

proof(
  'doctor does not call a root ok that cannot be made because the file system is read-only',
  async (at) => {
    const folder = at.folder();
    const script = 'mount -t tmpfs -o ro none "$0" && exec "$@"';
    const command = [process.execPath, inRepo('packages/cli/bin/mailslot.cjs'), 'doctor', '--json'];
    const { stdout, status } = spawnSync(
      ownMounts[0] as string,
      [...ownMounts.slice(1), 'sh', '-c', script, folder, ...command, '--root', `${folder}/root`],
      {
        env: { ...process.env, MAILSLOT_CONFIG: `${folder}/config.json`, MAILSLOT_AUTOSTART: '0' },
        encoding: 'utf8',
      },
    );
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { ok, finding, next } = findings.find(({ check }) => check === 'root');
    assert.deepEqual(
      { ok, finding, next, status },
      {
        ok: false,
        finding: `${folder}/root is not there, and cannot be made: ${folder} is on a read-only file system`,
        next: 'set MAILSLOT_ROOT to another folder, or have that one made',
        status: 1,
      },
    );
    return {};
  },
  mayMount,
);
