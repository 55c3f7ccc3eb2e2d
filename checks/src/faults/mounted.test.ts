import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { folderName, REDIRECTOR_FOLDER } from '../harness/raw.js';
import type { Scene } from '../harness/scene.js';
import { ALICE, as, BOB, publicPrograms, sharedRoot } from '../harness/users.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';

/*
 * Bob has mounted file systems of his own (FUSE) in a root that is everybody's: one that only he may look at, and one that
 * lets others in and whose server is dead.
 */

const rights = [onLinux, needs('root', '/dev/fuse')] as const;

/** How it is mounted, and what everybody else's `lstat` of it says. */
const MOUNTS = [
  ['', 'EACCES'],
  [',allow_other', 'ENOTCONN'],
] as const;

function mount(at: Scene, place: string, options: string): () => void {
  mkdirSync(place);
  chownSync(place, BOB, BOB);
  const fuse = openSync('/dev/fuse', 'r+');
  const how = `fd=3,rootmode=40000,user_id=${BOB},group_id=${BOB}${options}`;
  const { status, stderr } = spawnSync('mount', ['-i', '-t', 'fuse', '-o', how, 'bobs', place], {
    stdio: ['ignore', 'ignore', 'pipe', fuse],
    encoding: 'utf8',
  });
  closeSync(fuse);
  assert.equal(status, 0, stderr);
  const unmount = (): void => void spawnSync('umount', ['-l', place]);
  at.after(unmount);
  return unmount;
}

/** The command, of root who is in no domain; one that goes on is a failure. */
function mailslot(at: Scene, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, MAILSLOT_CONFIG: `${at.folder()}/config.json`, MAILSLOT_AUTOSTART: '0' };
  return spawnSync(process.execPath, [inRepo('packages/cli/bin/mailslot.cjs'), ...args], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
}

for (const [options, code] of MOUNTS) {
  proof(
    `what somebody has mounted in a shared root fails nothing but itself (${code})`,
    async (at) => {
      const root = sharedRoot(at);
      const folder = publicPrograms(at);
      const start = (uid: number) => at.agent({ folder, through: as(uid) });
      const [alice, superuser] = await Promise.all([start(ALICE), start(0)]);
      await alice.ask('create', 'before', { root, access: 'everyone' });
      const places = [await folderName('taken'), '0'.repeat(32), '.new-0123456789abcdef', '.redirector'];
      for (const place of places) mount(at, `${root}/${place}`, options);
      for (const place of places) assert.throws(() => lstatSync(`${root}/${place}`), { code });
      for (const user of [alice, superuser]) {
        const slot = await user.ask('create', `of ${user.pid}`, { root });
        await user.ask('send', `of ${user.pid}`, 'hi', { root });
        assert.deepEqual(await user.ask('readAll', slot), ['hi']);
        await user.ask('send', 'before', 'hi', { root });
        const barred = (await user.ask('list', { root })).filter((each) => each.code === 'ERR_MAILSLOT_IO');
        assert.deepEqual(
          barred.map(({ owner, text }) => [owner, text?.match(/"umount .*"$/)?.[0]]).sort(),
          places
            .slice(0, 2)
            .map((place) => [BOB, `"umount ${root}/${place}"`])
            .sort(),
        );
        const refusal = new RegExp(`uid ${BOB} has mounted .*"umount ${root}/${places[0]}"`);
        await assert.rejects(user.ask('create', 'taken', { root }), refusal);
        await assert.rejects(user.ask('send', 'taken', 'hi', { root }), refusal);
      }
      const { stdout } = mailslot(at, 'doctor', '--root', root, '--json');
      const lines = stdout.split('\n').filter((line) => line.includes('"root"'));
      assert.match(lines[0] ?? '', /slots: 3"/);
      for (const place of places.slice(0, 2)) {
        assert.ok(
          lines.some((line) => line.includes(`umount ${root}/${place}`)),
          lines.join('\n'),
        );
      }
      return { code, places };
    },
    ...rights,
  );

  proof(
    `what somebody has mounted in the redirector's place is named, with who can take it away (${code})`,
    async (at) => {
      const root = sharedRoot(at);
      for (const place of [`${root}/.redirector`, `${root}/${REDIRECTOR_FOLDER}`]) {
        const unmount = mount(at, place, options);
        const { status, stderr } = mailslot(at, 'serve', '--root', root);
        assert.equal(status, 1);
        assert.match(stderr, new RegExp(`"umount ${place}"`));
        unmount();
      }
      return { code };
    },
    ...rights,
  );
}
