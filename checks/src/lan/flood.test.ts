import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setInterval as ticks } from 'node:timers/promises';
import type { Flood, Stranger } from '../faults/programs/stranger.js';
import type { Child } from '../harness/child.js';
import { megabytes } from '../harness/numbers.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import { Network } from './support/network.js';
import {
  ALERTS,
  type Host,
  joinDomain,
  newKey,
  own,
  sentinel,
  start,
  texts,
  untilSees,
} from './support/office.js';
import { until } from './support/until.js';
import { usageOf } from './support/usage.js';

/*
 * A flood of datagrams on loopback, in a namespace of its own, while messages go from one computer to another.
 */

const SECONDS = Number(process.env['MAILSLOT_FLOOD_SECONDS'] ?? 3);
const MESSAGE_EVERY_MS = 10;
const ARRIVED_MIN = 0.9;
/** A machine that is busy with something else loses what it has no time for; it is not always busy. */
const ATTEMPTS = 3;
const GROWTH_MAX = 64 * 2 ** 20;

interface Scenery {
  readonly stranger: Child<Stranger>;
  readonly alpha: Host;
  readonly bravo: Host;
  readonly client: number;
}

/** What a flood of one kind did. */
interface Outcome {
  readonly sentPerSecond: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly arrived: number;
  readonly cpuMs: number;
  readonly growth: number;
}

proof(
  `floods of random and of forged datagrams for ${SECONDS} s each: 9 of 10 messages arrive, memory is bounded`,
  async (at) => {
    const scenery = await make(at);
    const calm = await during(scenery, 'nothing', 0);
    const random = await withstood(scenery, 'random', 50_000);
    const forged = await withstood(scenery, 'forged', 5_000);
    assert.equal(calm.arrived, calm.messages);
    for (const { growth } of [random, forged]) {
      assert.ok(growth < GROWTH_MAX, `memory grew by ${megabytes(growth)} MB`);
    }
    assert.ok(sum(random.refused) > 1_000 * SECONDS && random.refused['malformed'] === sum(random.refused));
    const { forged: opened = 0, flood: untried = 0 } = forged.refused;
    assert.ok(opened > 500 * SECONDS && untried > 0 && opened + untried === sum(forged.refused));
    return { calm: said(calm), random: said(random, calm), forged: said(forged, calm) };
  },
  onLinux,
  needs('root', 'ip'),
);

/** Two computers on the loopback of one namespace, and somebody without their key who has heard the first one. */
async function make(at: Scene): Promise<Scenery> {
  const network = new Network(at, { hosts: ['HOST'] });
  const line = newKey(network, 'ALPHA', 'OFFICE');
  const stranger = await at.start<Stranger>('stranger', { through: network.on('HOST') });
  await stranger.ask('listen', '127.0.0.1');
  const alpha = await startOnLoopback(network, 'ALPHA', line);
  await until(async () => (await stranger.ask('heard')).length > 0);
  await stranger.ask('deafen');
  const bravo = await startOnLoopback(network, 'BRAVO', line);
  await untilSees(alpha, 2);
  await untilSees(bravo, 2);
  return { stranger, alpha, bravo, client: await alpha.program.ask('open', ALERTS) };
}

function startOnLoopback(network: Network, user: string, line: string): Promise<Host> {
  joinDomain(network, user, line);
  const { computer, domains } = JSON.parse(readFileSync(network.configPath(user), 'utf8'));
  network.configure(user, { computer, domains: [{ ...domains[0], lan: { interfaces: ['lo'] } }] });
  return start(network, 'HOST', user);
}

/** What a flood did that let enough messages through. */
async function withstood(scenery: Scenery, flood: Flood, perSecond: number): Promise<Outcome> {
  const shares: string[] = [];
  while (shares.length < ATTEMPTS) {
    const outcome = await during(scenery, flood, perSecond);
    if (outcome.arrived >= ARRIVED_MIN * outcome.messages) return outcome;
    shares.push(`${outcome.arrived} of ${outcome.messages}`);
  }
  assert.fail(`under ${flood} datagrams arrived only ${shares.join(', ')} messages`);
}

let floods = 0;

async function during(scenery: Scenery, flood: Flood, perSecond: number): Promise<Outcome> {
  const { stranger, alpha, bravo, client } = scenery;
  const { pid } = bravo.redirector;
  const before = { ...usageOf(pid), refused: await refusedBy(bravo) };
  const name = `in flood ${floods++}, `;
  const flooded = stranger.ask('flood', { flood, perSecond, seconds: SECONDS });
  const messages = await sendUntil(flooded, alpha, client, name);
  const after = { ...usageOf(pid), refused: await refusedBy(bravo) };
  await sentinel(alpha, [alpha, bravo]);
  const arrived = own(await texts(bravo)).filter((text) => text.startsWith(name));
  assert.equal(new Set(arrived).size, arrived.length, 'nothing comes twice');
  return {
    sentPerSecond: Math.round((await flooded) / SECONDS),
    refused: differences(after.refused, before.refused),
    messages,
    arrived: arrived.length,
    cpuMs: after.cpuMs - before.cpuMs,
    growth: Math.max(0, after.peak - before.memory),
  };
}

/** Sends 100 messages a second to everybody until the flood is over; returns how many. */
async function sendUntil(
  flooded: Promise<unknown>,
  from: Host,
  client: number,
  name: string,
): Promise<number> {
  let isOver = false;
  void flooded.finally(() => {
    isOver = true;
  });
  const start = performance.now();
  let count = 0;
  for await (const _tick of ticks(MESSAGE_EVERY_MS)) {
    if (isOver) return count;
    for (; count * MESSAGE_EVERY_MS < performance.now() - start; count += 1) {
      await from.program.ask('post', client, [name + count]);
    }
  }
  return count;
}

/** What a computer's transport has thrown away, by reason. */
async function refusedBy({ redirector }: Host): Promise<Readonly<Record<string, number>>> {
  const status = (await redirector.ask('status')) as {
    domains: { lan: { received: { dropped: Record<string, number> } } }[];
  };
  return status.domains[0]?.lan.received.dropped ?? {};
}

function differences(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

/** `calm`: what the messages alone cost in the same time. */
function said(outcome: Outcome, calm?: Outcome): Record<string, unknown> {
  const { sentPerSecond, refused, messages, arrived, cpuMs, growth } = outcome;
  const micros = calm && Math.round(((cpuMs - calm.cpuMs) * 10_000) / sum(refused)) / 10;
  return {
    sentPerSecond,
    refusedPerSecond: Math.round(sum(refused) / SECONDS),
    refused,
    messages,
    arrived,
    cpuPercent: Math.round(cpuMs / (10 * SECONDS)),
    cpuMicrosPerRefused: micros,
    growthMB: megabytes(growth),
  };
}
