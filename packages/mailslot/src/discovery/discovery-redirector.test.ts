import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ALLOW_ALL } from '../redirector/policy.js';
import { Redirector } from '../redirector/redirector.js';
import { memoryWindows } from '../redirector/windows.js';
import { BAD_DAY, CALM, type Impairments } from '../testing/impairments.js';
import { SeededRandom } from '../testing/seeded-random.js';
import { SimulatedNetwork } from '../testing/simulated-network.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Discovery } from './discovery.js';

/*
 * On real redirectors: what the other tests take for granted of them.
 */

interface Host {
  readonly discovery: Discovery;
  readonly redirector: Redirector;
}

class Lan {
  readonly clock = new VirtualClock();
  readonly network: SimulatedNetwork;
  private readonly random: SeededRandom;
  private readonly t: TestContext;

  constructor(t: TestContext, seed: number, impairments: Partial<Impairments> = CALM) {
    this.t = t;
    this.random = new SeededRandom(seed);
    this.network = new SimulatedNetwork({ clock: this.clock, seed, impairments });
  }

  async start(computer: string): Promise<Host> {
    const ports = { clock: this.clock, random: this.random, log: { warn: () => {} } };
    const transport = this.network.transport({ domain: 'OFFICE', computer });
    const redirector = new Redirector({
      computer,
      domains: [{ name: 'OFFICE', transports: [transport] }],
      windows: memoryWindows(),
      policy: ALLOW_ALL,
      ports,
    });
    await redirector.start();
    const discovery = new Discovery(redirector, { offers: [], machine: '00000000000000aa', ports });
    discovery.start();
    this.t.after(async () => {
      const closed = Promise.all([discovery.close(), redirector.close()]);
      await this.clock.pass(1000);
      await closed;
    });
    return { discovery, redirector };
  }

  async startAll(count: number): Promise<Host[]> {
    const hosts: Host[] = [];
    for (let at = 0; at < count; at += 1) hosts.push(await this.start(`PC-${at}`));
    this.clock.advance(5000);
    return hosts;
  }
}

const here = ({ discovery }: Host): string[] =>
  discovery
    .computers()
    .filter(({ state }) => state === 'here')
    .map(({ name }) => name);

test('computers find each other over their redirectors, and a newcomer them, in a second', async (t) => {
  const lan = new Lan(t, 1);
  const hosts = await lan.startAll(20);
  const newcomer = await lan.start('NEW');
  lan.clock.advance(1000);
  for (const host of [...hosts, newcomer]) assert.equal(here(host).length, 21);
  const [entry] = newcomer.discovery.computers().filter(({ name }) => name === 'PC-7');
  assert.equal(entry?.transports[0], 'simulated');
  assert.match(String(entry?.addresses), /^lan\/\d+$/);
  assert.equal(newcomer.discovery.computers()[0]?.transports[0], 'loop');
});

test('on a bad network they know each other all the same, and nothing is malformed', async (t) => {
  const lan = new Lan(t, 2, BAD_DAY);
  const hosts = await lan.startAll(20);
  lan.clock.advance(30_000);
  for (const host of hosts) {
    assert.ok(here(host).length >= 18, `${here(host).length} of 20`);
    assert.equal(host.discovery.statistics().malformed, 0);
    assert.equal(host.discovery.statistics().refused, 0);
  }
});

test('who is cut off is gone, and back within two seconds', async (t) => {
  const lan = new Lan(t, 3);
  const [alpha, ...others] = (await lan.startAll(3)) as [Host, ...Host[]];
  const cut = ['PC-1', 'PC-2'];
  lan.network.partition(['PC-0'], cut);
  lan.clock.advance(10_000);
  assert.deepEqual(here(alpha), ['PC-0']);
  for (const host of others) assert.deepEqual(here(host), cut);
  lan.network.partition();
  lan.clock.advance(2000);
  for (const host of [alpha, ...others]) assert.deepEqual(here(host), ['PC-0', ...cut]);
});

test('a clock that jumps makes a new instance, which takes the place of the old one everywhere', async (t) => {
  const lan = new Lan(t, 4);
  const hosts = await lan.startAll(3);
  const before = hosts.map(({ redirector }) => redirector.instance);
  lan.clock.jump(3_600_000);
  lan.clock.advance(3000);
  for (const [at, host] of hosts.entries()) {
    assert.notEqual(host.redirector.instance, before[at]);
    assert.equal(here(host).length, 3);
    assert.ok(host.discovery.computers().every(({ instances }) => instances === 1));
  }
});

test('echoes come back, and a computer is found by asking', async (t) => {
  const lan = new Lan(t, 5);
  const [alpha] = (await lan.startAll(3)) as [Host];
  const answers: string[] = [];
  for (const to of [
    { kind: 'domain', name: 'OFFICE' },
    { kind: 'computer', name: 'pc-1' },
  ] as const) {
    alpha.discovery.probe('OFFICE', to, ({ computer }) => answers.push(`${to.kind} ${computer}`));
  }
  lan.clock.advance(500);
  assert.deepEqual(answers.sort(), ['computer PC-1', 'domain PC-1', 'domain PC-2']);

  const search = alpha.discovery.find('LATE', 3000);
  await lan.start('LATE');
  await lan.clock.pass(500);
  assert.equal(await search, true);
});
