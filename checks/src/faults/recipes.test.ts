import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mayMount, onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { ALICE, as, BOB, publicPrograms } from '../harness/users.js';
import { makeWorld } from '../harness/world.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';

/* What docs/guide/root.md says to do, done as it says, by real users. */

const TEAM = 65_140;
const STRANGER = 65_113;
const needed = [onLinux, needs('root'), mayMount] as const;
const page = readFileSync(inRepo('docs', 'guide', 'root.md'), 'utf8');

/** The one command of the page that begins so, with other words in place of some. */
function recipe(begin: string, ...changes: readonly (readonly [string, string])[]): string {
  const lines = page.split('\n').filter((line) => line.startsWith(begin));
  assert.equal(lines.length, 1, `the page says no longer "${begin}…", or more than once`);
  return changes.reduce((line, [from, to]) => {
    assert.ok(line.includes(from), `"${line}" holds no "${from}"`);
    return line.replace(from, to);
  }, lines[0] as string);
}

proof(
  'a root for a team, made as the page says: its members meet in it, and nobody else',
  async (at) => {
    const root = `${at.folder()}/mailslot`;
    chmodSync(root.replace(/\/mailslot$/, ''), 0o755);
    const install = recipe(
      'sudo install -d',
      ['sudo ', ''],
      ['-g team', `-g ${TEAM}`],
      ['/srv/mailslot', root],
    );
    execFileSync('sh', ['-c', install]);
    const folder = publicPrograms(at);
    const env = { ...process.env, MAILSLOT_ROOT: root };
    const [alice, bob, stranger] = await Promise.all(
      [as(ALICE, [TEAM]), as(BOB, [TEAM]), as(STRANGER)].map((through) => at.agent({ folder, through, env })),
    );
    assert.ok(alice && bob && stranger);
    const slot = await alice.ask('create', 'team/events', { access: 'group' });
    const place = `${root}/${readdirSync(root)[0]}`;
    for (const path of [place, `${place}/${readdirSync(place)[0]}`]) {
      assert.equal(statSync(path).gid, TEAM, path);
    }
    await bob.ask('send', 'team/events', 'from bob');
    await assert.rejects(stranger.ask('send', 'team/events', 'from a stranger'), {
      code: 'ERR_MAILSLOT_ACCESS_DENIED',
    });
    assert.deepEqual(await alice.ask('readAll', slot), ['from bob']);
    // What is made belongs to the group, and only its owner may remove it.
    assert.deepEqual(await bob.ask('vandalize', place), []);
    await bob.ask('create', 'team/jobs', { access: 'group' });
    await alice.ask('send', 'team/jobs', 'from alice');
    // The default is still the owner alone.
    await bob.ask('create', 'private');
    await assert.rejects(alice.ask('send', 'private', 'x'), { code: 'ERR_MAILSLOT_ACCESS_DENIED' });
    return { members: 2 };
  },
  ...needed,
);

proof(
  'a root for the machine, made as the page says: all users meet in it without a setting',
  async (at) => {
    const mkdir = /`(mkdir -m 1777 \/run\/mailslot)`/.exec(page)?.[1];
    assert.ok(mkdir);
    const world = await makeWorld(at, [], mkdir);
    const [alice, bob, root] = await Promise.all([as(ALICE), as(BOB), []].map((who) => world.agent(who)));
    assert.ok(alice && bob && root);
    for (const agent of [alice, bob, root]) assert.equal(await agent.ask('root'), '/run/mailslot');
    const slot = await alice.ask('create', 'app', { access: 'everyone' });
    await bob.ask('send', 'app', 'from bob');
    await root.ask('send', 'app', 'from root');
    assert.deepEqual(await alice.ask('readAll', slot), ['from bob', 'from root']);
    // The default is still the owner alone.
    await alice.ask('create', 'private');
    await assert.rejects(bob.ask('send', 'private', 'x'), { code: 'ERR_MAILSLOT_ACCESS_DENIED' });
    // "To be certain, check info().owner".
    const client = await bob.ask('open', 'app');
    assert.equal((await bob.ask('client', client)).info.owner, ALICE);
    return { users: 3 };
  },
  ...needed,
);

proof(
  "without a root for the machine users have each their own, and root refuses a user's",
  async (at) => {
    const world = await makeWorld(at, []);
    const mine = `${at.folder()}/mine`;
    mkdirSync(mine, { mode: 0o700 });
    chownSync(mine, ALICE, ALICE);
    chmodSync(mine.replace(/\/mine$/, ''), 0o755);
    const [alice, root, rootElsewhere] = await Promise.all([
      world.agent(as(ALICE)),
      world.agent([]),
      world.agent([], { ...process.env, MAILSLOT_ROOT: mine }),
    ]);
    assert.deepEqual(
      [await alice.ask('root'), await root.ask('root')],
      [`/tmp/mailslot-${ALICE}`, '/tmp/mailslot-0'],
    );
    await assert.rejects(rootElsewhere.ask('create', 'app'), {
      code: 'ERR_MAILSLOT_UNUSABLE_ROOT',
      message: new RegExp(`belongs to uid ${ALICE}, not to you`),
    });
    return { users: 2 };
  },
  ...needed,
);
