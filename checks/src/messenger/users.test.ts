import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageState } from '../../../packages/web/dist/api.js';
import type { Agent } from '../faults/programs/agent.js';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { ALICE, publicPrograms as agentPrograms, as, BOB, NOBODY, sharedRoot } from '../harness/users.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import type { Person } from './programs/person.js';
import { environment, loopbackDomain } from './support/domain.js';
import { folderOf, publicPrograms } from './support/installed.js';
import { start } from './support/people.js';

/*
 * Alice and Bob have accounts on ALPHA, whose root belongs to root and is for all users; each has a messenger and a page.
 * Carla is on BRAVO.
 */

const rights = [onLinux, needs('root')] as const;

proof(
  'two users of one computer both get what is for everybody, and each what is for one of them',
  async (at) => {
    const { alice, bob, carla } = await twoComputers(at);
    await carla.ask('send', '*', 'to all');
    await carla.ask('send', 'bob', 'to bob');
    await alice.ask('send', '*', 'of alice');
    await bob.ask('send', '*', 'of bob');
    await bob.ask('send', 'ALICE', 'to alice');
    for (const person of [alice, bob, carla]) {
      for (const text of ['to all', 'of alice', 'of bob']) await person.ask('untilShown', text);
    }
    await bob.ask('untilShown', 'to bob');
    await alice.ask('untilShown', 'to alice');
    await carla.ask('send', '*', 'last');
    for (const person of [alice, bob, carla]) await person.ask('untilShown', 'last');

    const ofAll = ['last of CARLA', 'of alice of ALICE', 'of bob of BOB', 'to all of CARLA'];
    assert.deepEqual(await shownBy(alice), [...ofAll, 'to alice of BOB'].toSorted());
    assert.deepEqual(await shownBy(bob), [...ofAll, 'to alice of BOB', 'to bob of CARLA'].toSorted());
    assert.deepEqual(await shownBy(carla), [...ofAll, 'to bob of CARLA'].toSorted());
    for (const person of [alice, bob]) {
      const { note } = await person.ask('untilShown', 'to all');
      assert.deepEqual([note.computer, note.to], ['BRAVO', '*']);
    }
    return { users: 2 };
  },
  ...rights,
);

proof(
  'a user who stands still, or whose disk is full, keeps nothing from the others of the computer',
  async (at) => {
    const full = at.folder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=64k,mode=700,uid=${ALICE}`, 'tmpfs', full]);
    try {
      const { alice, bob, carla } = await twoComputers(at, full);
      writeFileSync(join(full, 'ballast'), 'x'.repeat(60 * 1024));
      const long = 'x'.repeat(20_000);
      await carla.ask('send', '*', long);
      for (const person of [alice, bob]) await person.ask('untilShown', long);
      assert.ok((await alice.ask('statistics')).unsaved > 0);
      alice.signal('SIGSTOP');
      for (const [person, text] of [
        [carla, 'of another computer'],
        [bob, 'of this one'],
      ] as const) {
        await person.ask('send', '*', text);
        await bob.ask('untilShown', text);
      }
      alice.signal('SIGCONT');
      await alice.ask('untilShown', 'of this one');
      assert.deepEqual(await everybody(alice), 'yours');
      assert.deepEqual(await everybody(bob), 'yours');
      await alice.kill();
    } finally {
      execFileSync('umount', ['-l', full]);
    }
    return {};
  },
  ...rights,
);

proof(
  "nobody reads mail for another account's name, and who writes to it is told nothing else",
  async (at) => {
    const { bob, carla, user } = await twoComputers(at);
    // Who has a slot of that name first is another account of this computer than the one that is called so.
    const mallory = await at.start<Agent>('agent', {
      folder: agentPrograms(at),
      env: environment(await bob.ask('root'), '/nonexistent/config.json'),
      through: as(DAEMON),
    });
    const open = { access: 'everyone', remote: 'domain' } as const;
    const squatted = await mallory.ask('create', 'messngr/NOBODY', open);
    const shares = await mallory.ask('create', `messngr/*/${NOBODY}/1`, open);
    const nobody = await user('NOBODY', NOBODY);
    assert.equal(stateOf(await nobody.ask('state'), 'NOBODY'), 'taken');
    // The place among those who hear everything was another one's, too.
    assert.equal(await everybody(nobody), 'yours');
    // The owner of the name hears of it, and so does who writes to it from this computer.
    assert.equal((await nobody.ask('state')).names.find(({ name }) => name === 'NOBODY')?.squatter, DAEMON);
    const { conversations } = await nobody.ask('state');
    assert.ok(conversations.some(({ snippet }) => snippet.startsWith(`uid ${DAEMON} has your name NOBODY`)));
    await assert.rejects(
      bob.ask('send', 'nobody', 'secret'),
      /uid 1,.*nothing was sent.*ERR_MAILSLOT_ACCESS_DENIED/,
    );
    await assert.rejects(carla.ask('send', 'nobody', 'secret'), /ERR_MAILSLOT_NOT_FOUND/);
    await carla.ask('send', '*', 'to all');
    await nobody.ask('untilShown', 'to all');
    assert.deepEqual(
      [await mallory.ask('readAll', squatted), await mallory.ask('readAll', shares)],
      [[], []],
    );
    await mallory.ask('close', squatted);
    await until(async () => stateOf(await nobody.ask('state'), 'NOBODY') === 'yours', 'the name');
    await carla.ask('send', 'nobody', 'for the right one');
    await nobody.ask('untilShown', 'for the right one');
    // Nor does a messenger have the name of another account, even where nobody is in its way.
    const boss = await user('ROOT', DAEMON);
    assert.equal(stateOf(await boss.ask('state'), 'ROOT'), 'taken');
    return {};
  },
  ...rights,
);

proof(
  'nor is it sent to whoever else has the slot where there is no domain',
  async (at) => {
    const [root, config] = [sharedRoot(at), '/nonexistent/config.json'];
    const env = environment(root, config);
    const mallory = await at.start<Agent>('agent', { folder: agentPrograms(at), env, through: as(DAEMON) });
    const squatted = await mallory.ask('create', 'messngr/NOBODY', { access: 'everyone' });
    const sender = await start<Person>(at, 'person', { env });
    await assert.rejects(sender.ask('sendNote', 'nobody', 'secret'), {
      code: 'ERR_MAILSLOT_ACCESS_DENIED',
      message: /uid 1,.*nothing was sent/,
    });
    assert.deepEqual(await mallory.ask('readAll', squatted), []);
    await mallory.ask('create', 'messngr/NIGHT SHIFT', { access: 'everyone' });
    // What no account is called is whose it is first.
    await sender.ask('sendNote', 'night shift', 'for whoever has it');
    return {};
  },
  ...rights,
);

interface Computers {
  readonly alice: Child<Person>;
  readonly bob: Child<Person>;
  readonly carla: Child<Person>;
  /** One more user of ALPHA. */
  readonly user: (name: string, uid: number, history?: string) => Promise<Child<Person>>;
}

/** The account `daemon`, which every system has. */
const DAEMON = 1;

async function twoComputers(at: Scene, historyOfAlice?: string): Promise<Computers> {
  const configs = loopbackDomain(at, 'ALPHA', 'BRAVO');
  const [folder, root] = [publicPrograms(at), sharedRoot(at)];
  const chief = await start<Person>(at, 'person', { folder, env: environment(root, configs.ALPHA) });
  await chief.ask('serve');
  // Of the users of ALPHA root alone is in a domain.
  const env = environment(root, '/nonexistent/config.json');
  const user = async (name: string, uid: number, history = folderOf(at, uid)): Promise<Child<Person>> => {
    const person = await start<Person>(at, 'person', { folder, env, through: as(uid) });
    await begin(person, name, history);
    return person;
  };
  const alice = await user('ALICE', ALICE, historyOfAlice);
  const bob = await user('BOB', BOB);
  const carla = await start<Person>(at, 'person', { env: environment(at.root, configs.BRAVO) });
  await carla.ask('serve');
  await begin(carla, 'CARLA', at.folder());
  for (const person of [alice, carla]) {
    await until(async () => (await person.ask('state')).computers.length === 2, 'the other computer');
  }
  return { alice, bob, carla, user };
}

async function begin(person: Child<Person>, user: string, history: string): Promise<void> {
  await person.ask('begin', { user, history });
  await person.ask('look');
}

async function shownBy(person: Child<Person>): Promise<string[]> {
  return (await person.ask('shown')).map(({ note }) => `${note.text} of ${note.from}`).toSorted();
}

/** Whether they hear what is for everybody. */
async function everybody(person: Child<Person>): Promise<string | undefined> {
  return stateOf(await person.ask('state'), '*');
}

function stateOf({ names }: PageState, name: string): string | undefined {
  return names.find((each) => each.name === name)?.state;
}
