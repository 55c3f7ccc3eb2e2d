import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { mayMount, onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { as, BOB } from '../harness/users.js';
import { makeWorld } from '../harness/world.js';
import { needs } from '../support/needs.js';

/*
 * Carol has no slot yet, and Bob makes something where hers would be. Dave has no home to go to. In `/tmp` itself, where
 * else; of users that no system has.
 */

const CAROL = 65_131;
const DAVE = 65_132;
const needed = [onLinux, needs('root'), mayMount] as const;

/** What one and the same user's programs are started with. */
const SESSIONS: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  'a login shell': { HOME: '/elsewhere', XDG_RUNTIME_DIR: '/run/user/1', TMPDIR: '/var/tmp' },
  cron: {},
};

function squat(at: Scene, uid: number): string {
  const place = `/tmp/mailslot-${uid}`;
  assert.equal(existsSync(place), false);
  at.after(() => rmSync(place, { recursive: true, force: true }));
  mkdirSync(place);
  chownSync(place, BOB, BOB);
  return place;
}

proof(
  "another user's folder in the place of one's own root: all programs of a user meet in the home, and stay there",
  async (at) => {
    const home = at.folder();
    chownSync(home, CAROL, CAROL);
    const world = await makeWorld(at, [`carol:x:${CAROL}:${CAROL}::${home}:/bin/sh`]);
    const place = squat(at, CAROL);
    const start = (env: NodeJS.ProcessEnv) => world.agent(as(CAROL), { PATH: process.env['PATH'], ...env });
    const [server, client] = await Promise.all(Object.values(SESSIONS).map(start));
    assert.ok(server && client);
    const slot = await server.ask('create', 'app');
    assert.match(await server.ask('root'), new RegExp(`^${home}/\\.mailslot`));
    assert.equal(await client.ask('root'), await server.ask('root'));
    await client.ask('send', 'app', 'from cron');
    // Bob clears what he made: those who come now must not be parted from those who are there.
    rmSync(place, { recursive: true });
    await (await start({})).ask('send', 'app', 'from who came later');
    assert.equal(existsSync(place), false);
    assert.deepEqual(await server.ask('readAll', slot), ['from cron', 'from who came later']);
    return { sessions: Object.keys(SESSIONS) };
  },
  ...needed,
);

proof(
  "another user's folder in the place of one's own root, and no home that is safe: what to do is said",
  async (at) => {
    const home = at.folder();
    chownSync(home, CAROL, CAROL);
    chmodSync(home, 0o777);
    const world = await makeWorld(at, [`carol:x:${CAROL}:${CAROL}::${home}:/bin/sh`]);
    for (const uid of [CAROL, DAVE]) {
      const place = squat(at, uid);
      const agent = await world.agent(as(uid));
      const refused = {
        code: 'ERR_MAILSLOT_UNUSABLE_ROOT',
        message:
          `the root ${place} cannot be used: it belongs to uid ${BOB}, not to you; ` +
          `have root remove it ("rm -r ${place}"), or set MAILSLOT_ROOT to a folder of yours`,
      };
      await assert.rejects(agent.ask('create', 'app'), refused);
      await assert.rejects(agent.ask('send', 'app', 'x'), refused);
      // And that helps.
      rmSync(place, { recursive: true });
      const slot = await agent.ask('create', 'app');
      await agent.ask('send', 'app', 'x');
      assert.deepEqual(await agent.ask('readAll', slot), ['x']);
    }
    return { users: ['whose home everybody may write in', 'without a home'] };
  },
  ...needed,
);
