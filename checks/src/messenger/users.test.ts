import assert from 'node:assert/strict';
import type { Child } from '../faults/support/child.js';
import { onLinux } from '../faults/support/platform.js';
import { proof } from '../faults/support/proof.js';
import type { Scene } from '../faults/support/scene.js';
import { ALICE, as, BOB, sharedRoot } from '../faults/support/users.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import type { Person } from './programs/person.js';
import { environment, loopbackDomain } from './support/domain.js';
import { folderOf, publicPrograms } from './support/house.js';
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
  'when the user who had the slot for everybody goes, the other one has it',
  async (at) => {
    const { alice, bob, carla } = await twoComputers(at);
    assert.deepEqual(await everybody(alice), 'yours');
    assert.deepEqual(await everybody(bob), 'taken');
    await alice.ask('end');
    await until(async () => (await everybody(bob)) === 'yours');
    await carla.ask('send', '*', 'to all');
    await bob.ask('untilShown', 'to all');
    assert.deepEqual(await shownBy(bob), ['to all of CARLA']);
    return {};
  },
  ...rights,
);

interface Computers {
  /** Has the slot for everybody. */
  readonly alice: Child<Person>;
  readonly bob: Child<Person>;
  readonly carla: Child<Person>;
}

async function twoComputers(at: Scene): Promise<Computers> {
  const configs = loopbackDomain(at, 'ALPHA', 'BRAVO');
  const [folder, root] = [publicPrograms(at), sharedRoot(at)];
  const chief = await start<Person>(at, 'person', { folder, env: environment(root, configs.ALPHA) });
  await chief.ask('serve');
  // Of the users of ALPHA root alone is in a domain.
  const env = environment(root, '/nonexistent/config.json');
  const user = async (name: string, uid: number): Promise<Child<Person>> => {
    const person = await start<Person>(at, 'person', { folder, env, through: as(uid) });
    await begin(person, name, folderOf(at, uid));
    return person;
  };
  const alice = await user('ALICE', ALICE);
  const bob = await user('BOB', BOB);
  const carla = await start<Person>(at, 'person', { env: environment(at.root, configs.BRAVO) });
  await carla.ask('serve');
  await begin(carla, 'CARLA', at.folder());
  for (const person of [alice, carla]) {
    await until(async () => (await person.ask('state')).computers.length === 2, 'the other computer');
  }
  return { alice, bob, carla };
}

async function begin(person: Child<Person>, user: string, history: string): Promise<void> {
  await person.ask('begin', { user, history });
  await person.ask('look');
}

async function shownBy(person: Child<Person>): Promise<string[]> {
  return (await person.ask('shown')).map(({ note }) => `${note.text} of ${note.from}`).toSorted();
}

/** Whether the slot for everybody is theirs. */
async function everybody(person: Child<Person>): Promise<string | undefined> {
  const { names } = await person.ask('state');
  return names.find(({ kind }) => kind === 'everybody')?.state;
}
