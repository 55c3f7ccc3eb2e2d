import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { ALERTS, type Host, own, sentinel } from '../lan/support/office.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import { type Member, members, statusOf } from './support/members.js';
import { NatsServer } from './support/server.js';

/*
 * Servers that die under load. What is lost is counted, at both ends; nothing comes twice; nobody's memory grows.
 */

const PER_SECOND = 2_000;
const EACH_MS = 20;

/** More than a redirector makes in the time of a test. */
const ANNOUNCEMENTS = 20;

/** Posts at a steady pace until it is told to stop; returns what was posted. */
async function load(from: Host, stop: AbortSignal): Promise<string[]> {
  const client = await from.program.ask('open', ALERTS);
  const sent: string[] = [];
  for (let due = Date.now(); !stop.aborted; due += EACH_MS) {
    const texts = Array.from({ length: (PER_SECOND * EACH_MS) / 1_000 }, (_, at) => `m${sent.length + at}`);
    await from.program.ask('post', client, texts);
    sent.push(...texts);
    await pause(Math.max(0, due + EACH_MS - Date.now()));
  }
  return sent;
}

const countAt = ({ program, slot }: Host): Promise<number> => program.ask('count', slot);

/** Resolves when more messages have come than had when it was asked. */
async function untilMore(host: Host): Promise<void> {
  const before = await countAt(host);
  await until(async () => (await countAt(host)) > before, 'another message');
}

interface Outcome {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  /** What the sender counted as not sent, or not confirmed by the server. */
  readonly told: number;
  readonly longestSilenceMs: number;
}

/** What became of all that was sent: each message came once, or is missed by the receiver. */
async function settle(sender: Host, receiver: Host, sent: readonly string[]): Promise<Outcome> {
  await sentinel(sender, [receiver]);
  const all = await receiver.program.ask('received', receiver.slot);
  const texts = own(all.map(({ text }) => text));
  assert.equal(new Set(texts).size, texts.length, 'nothing comes twice');
  const unknown = texts.filter((text) => !/^m\d+$/.test(text));
  assert.deepEqual(unknown, [], 'nothing else comes');
  const lost = sent.length - texts.length;
  const [receiving, sending] = [await statusOf(receiver), await statusOf(sender)];
  // Beside ours the sender's announcements of itself got lost, one a second.
  const { gaps } = receiving.statistics;
  assert.ok(
    gaps >= lost && gaps <= lost + ANNOUNCEMENTS,
    `the receiver misses ${gaps}, and ${lost} were lost`,
  );
  const { unsent, doubtful } = sending.domains[0]!.nats.sent;
  const told = sending.statistics.refused['no-transport']! + unsent + doubtful;
  // What it sent when it was connected again and the receiver not yet, the server had nobody for: only the receiver knows.
  assert.ok(lost === 0 || told > 0, `the sender knows of ${told}, and ${lost} were lost`);
  const times = all.map(({ at }) => at);
  const silences = times.slice(1).map((at, index) => at - times[index]!);
  return { sent: sent.length, received: texts.length, lost, told, longestSilenceMs: Math.max(...silences) };
}

proof(
  'the server is killed under load and comes back after 5 s: what is lost is counted at both ends, nothing comes twice',
  async (at) => {
    const server = await NatsServer.start(at);
    const [alpha, bravo] = (await members(at, ['ALPHA', 'BRAVO'], { servers: [server.url] })) as [
      Member,
      Member,
    ];
    const stop = new AbortController();
    const posting = load(alpha, stop.signal);
    await untilMore(bravo);
    await pause(1_000);
    const before = await alpha.redirector.ask('memory');
    await server.kill();
    await pause(5_000);
    const without = await alpha.redirector.ask('memory');
    await server.start();
    const back = Date.now();
    await untilMore(bravo);
    const foundAfterMs = Date.now() - back;
    await pause(1_000);
    stop.abort();
    const outcome = await settle(alpha, bravo, await posting);
    assert.ok(foundAfterMs < 5_000, `back after ${foundAfterMs} ms`);
    assert.ok(without - before < 64 * 1024 * 1024, `memory grew by ${without - before} bytes`);
    return { ...outcome, foundAfterMs, grownBytes: without - before };
  },
  needs('nats-server'),
);

/** Three servers that know each other. */
async function cluster(at: Scene): Promise<NatsServer[]> {
  const ports = await NatsServer.freePorts(3);
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ');
  return Promise.all(
    ports.map((port) => {
      const config = `cluster { name: office, host: 127.0.0.1, port: ${port}, routes: [${routes}] }`;
      return NatsServer.start(at, { config });
    }),
  );
}

proof(
  'of a cluster of three the server dies that a computer uses, under load: it goes on with another within 2 s',
  async (at) => {
    const servers = await cluster(at);
    const settings = { servers: servers.map(({ url }) => url) };
    const [alpha, bravo] = (await members(at, ['ALPHA', 'BRAVO'], settings)) as [Member, Member];
    const stop = new AbortController();
    const posting = load(alpha, stop.signal);
    await untilMore(bravo);
    await pause(1_000);
    const used = (await statusOf(alpha)).domains[0]!.nats.server;
    await servers.find(({ address }) => address === used)!.kill();
    await pause(3_000);
    stop.abort();
    const outcome = await settle(alpha, bravo, await posting);
    assert.ok(outcome.longestSilenceMs < 2_000, `${outcome.longestSilenceMs} ms of silence`);
    return { ...outcome };
  },
  needs('nats-server'),
);
