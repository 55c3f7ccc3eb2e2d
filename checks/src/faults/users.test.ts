import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import type { Access } from 'mailslot';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { ALICE, as, BOB, NOBODY, publicPrograms, sharedRoot } from '../harness/users.js';
import { needs } from '../support/needs.js';
import type { Agent } from './programs/agent.js';

const ACCESS: readonly Access[] = ['owner', 'group', 'everyone'];
const twoUsers = [onLinux, needs('root')];

proof(
  'who may write: by default the owner, by `group` the group, by `everyone` everyone',
  async (at) => {
    const { root, alice, bob, start } = await twoUsersIn(at);
    const member = await start(as(BOB + 1, [ALICE]));
    const slots: number[] = [];
    for (const access of ACCESS) slots.push(await alice.ask('create', access, { root, access }));
    const admitted: Record<Access, Child<Agent>[]> = {
      owner: [alice],
      group: [alice, member],
      everyone: [alice, member, bob],
    };
    for (const [which, access] of ACCESS.entries()) {
      for (const user of [alice, member, bob]) {
        const sent = user.ask('send', access, `from ${user.pid}`, { root });
        if (admitted[access].includes(user)) await sent;
        else await assert.rejects(sent, refusal(`the mailslot ${access} belongs to uid ${ALICE}`));
      }
      const expected = admitted[access].map(({ pid }) => `from ${pid}`);
      assert.deepEqual(await alice.ask('readAll', slots[which] as number), expected);
    }
    const entries = (await bob.ask('list', { root })).map(({ name, owner, code }) => ({ name, owner, code }));
    const denied = { name: undefined, owner: ALICE, code: 'ERR_MAILSLOT_ACCESS_DENIED' };
    assert.deepEqual(entries, [denied, denied, { name: 'everyone', owner: ALICE, code: undefined }]);
    return { slots: ACCESS, users: 3 };
  },
  ...twoUsers,
);

proof(
  "neither can remove or take over the other's slot",
  async (at) => {
    const { root, alice, bob, start } = await twoUsersIn(at);
    const member = await start(as(BOB + 1, [ALICE]));
    for (const access of ACCESS) {
      const slot = await alice.ask('create', access, { root, access });
      const [folder = ''] = readdirSync(root);
      const inode = statSync(`${root}/${folder}`).ino;
      for (const stranger of [bob, member]) {
        assert.deepEqual(await stranger.ask('vandalize', `${root}/${folder}`), []);
        const code = await stranger.ask('claim', access, { root, access: 'everyone' });
        assert.match(code.code ?? 'created', /^ERR_MAILSLOT_(ALREADY_EXISTS|ACCESS_DENIED)$/);
      }
      assert.deepEqual(readdirSync(root), [folder], 'nothing of the strangers is left');
      assert.equal(statSync(`${root}/${folder}`).ino, inode);
      await alice.ask('send', access, 'still mine', { root });
      assert.deepEqual(await alice.ask('readAll', slot), ['still mine']);
      await alice.ask('close', slot);
    }
    return { slots: ACCESS, strangers: 2 };
  },
  ...twoUsers,
);

for (const [user, shown] of [
  [ALICE, `uid ${ALICE}`],
  [NOBODY, `uid ${NOBODY} (nobody)`],
] as const) {
  proof(
    `what a kill -9 of ${shown} left is refused to others, root too, with owner and remedy, and free for the owner`,
    async (at) => {
      const { root, bob, start } = await twoUsersIn(at);
      const heir = await start(as(user));
      const superuser = await at.agent();
      const texts: string[] = [];
      for (const access of ACCESS) {
        const victim = await start(as(user));
        await victim.ask('create', access, { root, access });
        await victim.kill();
        const owns = `is in use by, or left over from, ${shown}; choose another name`;
        const remedy = `only ${shown} can clear it away, by creating the slot again, or root with "rm -r ${root}/`;
        const dead = `is what a crash of ${shown}'s process left`;
        await assert.rejects(
          bob.ask('create', access, { root }),
          refusal(`the name ${access} ${access === 'everyone' ? `${dead}: ${remedy}` : owns}`),
        );
        // Root sees what is in the folder, but removes nothing in a folder that its owner could turn into a link.
        const refused = refusal(`the name ${access} ${dead}: ${remedy}`);
        await assert.rejects(superuser.ask('create', access, { root }), refused);
        const opened = access === 'everyone' ? 'ERR_MAILSLOT_NOT_FOUND' : 'ERR_MAILSLOT_ACCESS_DENIED';
        await assert.rejects(bob.ask('open', access, { root }), { code: opened });
        const slot = await heir.ask('create', access, { root, access });
        texts.push(await says(heir, access, root, slot));
        await heir.ask('close', slot);
        assert.deepEqual(readdirSync(root), []);
      }
      assert.deepEqual(texts, Array(ACCESS.length).fill('mine now'));
      return { slots: ACCESS };
    },
    ...twoUsers,
  );
}

proof(
  'a root in which this user may not write says so',
  async (at) => {
    const { bob } = await twoUsersIn(at);
    await assert.rejects(bob.ask('create', 'app', { root: '/usr' }), {
      code: 'ERR_MAILSLOT_UNUSABLE_ROOT',
      message: `the root /usr cannot be used: uid ${BOB} may not write in it; a shared root has mode 1777`,
    });
    return {};
  },
  ...twoUsers,
);

interface TwoUsers {
  readonly root: string;
  readonly alice: Child<Agent>;
  readonly bob: Child<Agent>;
  start(through: readonly string[]): Promise<Child<Agent>>;
}

async function twoUsersIn(at: Scene): Promise<TwoUsers> {
  const folder = publicPrograms(at);
  const start = (through: readonly string[]): Promise<Child<Agent>> => at.agent({ folder, through });
  const [alice, bob] = await Promise.all([start(as(ALICE)), start(as(BOB))]);
  return { root: sharedRoot(at), alice, bob, start };
}

async function says(user: Child<Agent>, name: string, root: string, slot: number): Promise<string> {
  await user.ask('send', name, 'mine now', { root });
  return user.ask('read', slot);
}

function refusal(beginning: string): (error: Error) => boolean {
  return (error) => {
    assert.equal((error as NodeJS.ErrnoException).code, 'ERR_MAILSLOT_ACCESS_DENIED');
    assert.ok(error.message.startsWith(beginning), error.message);
    return true;
  };
}
