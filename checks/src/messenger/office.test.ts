import assert from 'node:assert/strict';
import type { Child } from '../harness/child.js';
import { spread } from '../harness/numbers.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { Network } from '../lan/support/network.js';
import { joinDomain, newKey } from '../lan/support/office.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import type { Person } from './programs/person.js';
import type { Shown } from './support/page-client.js';
import { start } from './support/people.js';

/*
 * Three people at three computers of a LAN, each with a redirector, a messenger and its page, which they write on and look
 * at: real sockets, a real bridge, nothing shared but the domain's key.
 */

const rights = [onLinux, needs('root', 'ip')] as const;

const MESSAGES = 100;

/** From the moment that somebody presses Enter to the one that the other page has it. */
const PROMPT_MS = 300;

proof(
  'what somebody writes on a page is on the pages that it is for, once, with sender and time, and can be answered',
  async (at) => {
    const [anna, bob, carla] = await threeAtWork(at);
    const before = Date.now();
    await anna.page.ask('send', '*', 'lunch?');
    for (const { page } of [bob, carla]) {
      const { note } = await page.ask('untilShown', 'lunch?');
      const { from, computer, to, authenticated, with: conversation } = note;
      assert.deepEqual([from, computer, to, conversation], ['ANNA', 'ALPHA', '*', '*']);
      assert.ok(authenticated);
      assert.ok(before <= note.time && note.time <= note.receivedAt && note.receivedAt <= Date.now());
    }
    await bob.page.ask('send', 'anna', 'in five minutes');
    const { note } = await anna.page.ask('untilShown', 'in five minutes');
    assert.deepEqual([note.from, note.computer, note.to, note.with], ['BOB', 'BRAVO', 'ANNA', 'BOB']);
    await anna.page.ask('send', 'BOB', 'see you there');
    await bob.page.ask('untilShown', 'see you there');

    // What came before this has come by then.
    await anna.page.ask('send', '*', 'last');
    await bob.page.ask('send', '*', 'of all');
    for (const { page } of [anna, bob, carla]) {
      await page.ask('untilShown', 'last');
      await page.ask('untilShown', 'of all');
    }
    const ofAll = ['last', 'lunch?', 'of all'];
    const ofTwo = ['in five minutes', 'see you there'];
    assert.deepEqual(textsOf(await anna.page.ask('shown')), [...ofAll, ...ofTwo].toSorted());
    assert.deepEqual(textsOf(await bob.page.ask('shown')), [...ofAll, ...ofTwo].toSorted());
    assert.deepEqual(textsOf(await carla.page.ask('shown')), ofAll);
    return { computers: 3 };
  },
  ...rights,
);

proof(
  `of ${MESSAGES} messages from page to page, 95 of 100 are there within ${PROMPT_MS} ms, and each is there once`,
  async (at) => {
    const people = await threeAtWork(at);
    const times: number[] = [];
    const expected = new Map(people.map(({ user }) => [user, [] as string[]]));
    for (let number = 0; number < MESSAGES; number += 1) {
      // In turn, since nobody may send so much at once; to all, and to the next one.
      const [from, next, after] = [0, 1, 2].map((step) => people[(number + step) % people.length]) as Three;
      const text = `message ${number}`;
      const receivers = number % 2 === 0 ? [next, after] : [next];
      for (const { user } of [from, ...receivers]) expected.get(user)?.push(text);
      const sent = Date.now();
      await from.page.ask('send', number % 2 === 0 ? '*' : next.user, text);
      const shown = await Promise.all(receivers.map(({ page }) => page.ask('untilShown', text)));
      times.push(Math.max(...shown.map(({ at: when }) => when)) - sent);
      await from.page.ask('untilShown', text);
    }
    for (const { user, page } of people) {
      assert.deepEqual(textsOf(await page.ask('shown')), expected.get(user)?.toSorted());
      const { flooded, malformed, duplicates } = await page.ask('statistics');
      assert.deepEqual({ flooded, malformed, duplicates }, { flooded: 0, malformed: 0, duplicates: 0 });
    }
    const p95 = times.toSorted((one, other) => one - other)[Math.ceil(times.length * 0.95) - 1] as number;
    assert.ok(p95 < PROMPT_MS, `${p95} ms`);
    return { messages: MESSAGES, p95Ms: p95, ...spread(times) };
  },
  ...rights,
);

interface AtWork {
  readonly user: string;
  readonly page: Child<Person>;
}

type Three = [AtWork, AtWork, AtWork];

/** Resolves when each page shows all three computers. */
async function threeAtWork(at: Scene): Promise<Three> {
  const users = { ALPHA: 'ANNA', BRAVO: 'BOB', CHARLIE: 'CARLA' };
  const hosts = Object.keys(users);
  const network = new Network(at, { hosts });
  const line = newKey(network, 'ALPHA', 'OFFICE');
  for (const host of hosts) joinDomain(network, host, line);
  const people = await Promise.all(
    Object.entries(users).map(async ([host, user]) => {
      const page = await start<Person>(at, 'person', { through: network.on(host), env: network.env(host) });
      await page.ask('serve');
      await page.ask('begin', { user, history: at.folder() });
      await page.ask('look');
      return { user, page };
    }),
  );
  for (const { page } of people) await until(async () => (await computersOf(page)).length === hosts.length);
  return people as Three;
}

async function computersOf(page: Child<Person>): Promise<string[]> {
  const { computers } = await page.ask('state');
  return computers.filter(({ state }) => state === 'here').map(({ name }) => name);
}

function textsOf(shown: readonly Shown[]): string[] {
  return shown.map(({ note }) => note.text).toSorted();
}
