import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseName } from '../name/slot-name.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Datagram } from '../transport/datagram.js';
import { Host, Hub, type HubTransport, testPorts } from './hub.test.support.js';
import type { RedirectorStatistics } from './redirector.js';
import { fileWindows } from './window-file.js';

/*
 * Three computers on two networks, and whatever may happen to them in any order. A model of what was sent to whom
 * says what may be delivered; every datagram that reached a redirector must be found again in its counters.
 */

const NAMES = ['ALPHA', 'BETA', 'GAMMA'] as const;
const NETWORKS = 2;

type Fate = 'deliver' | 'lose' | 'again';

type Step =
  | { readonly do: 'send'; readonly from: number; readonly to: string }
  | { readonly do: 'carry'; readonly fate: Fate; readonly pick: number; readonly receiver: number }
  | { readonly do: 'restart'; readonly host: number; readonly isKilled: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'room'; readonly pick: number; readonly hasRoom: boolean };

interface Computer {
  host: Host;
  readonly transports: readonly HubTransport[];
  /** Datagrams that reached its present run, less its own. */
  heard: number;
}

/** What is on the wire, and what was: a copy for each receiver. */
interface Flight {
  readonly datagram: Datagram;
  readonly network: number;
}

class World {
  readonly clock = new VirtualClock();
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailslot-invariants-'));
  private readonly hubs = Array.from({ length: NETWORKS }, () => new Hub());
  private readonly computers: Computer[] = [];
  private readonly flights: Flight[] = [];
  private readonly past: Flight[] = [];
  private sent = 0;
  /** Which computers each message, by its text, was for. */
  private readonly meant = new Map<string, readonly string[]>();
  /** Computer and text of all deliveries. */
  private readonly deliveries: string[] = [];

  async begin(): Promise<void> {
    for (const [at] of NAMES.entries()) this.computers.push(await this.run(at));
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'send') this.send(step.from, step.to);
    else if (step.do === 'wait') this.clock.advance(step.ms);
    else if (step.do === 'jump') this.clock.jump(step.ms);
    else if (step.do === 'room') this.setRoom(step.pick, step.hasRoom);
    else if (step.do === 'restart') await this.restart(step.host, step.isKilled);
    else this.carry(step.fate, step.pick, step.receiver);
    this.check();
  }

  async end(): Promise<void> {
    for (const { host } of this.computers) await host.redirector.close();
    rmSync(this.folder, { recursive: true });
  }

  private async run(at: number): Promise<Computer> {
    const name = NAMES[at]!;
    const transports = this.hubs.map((hub) => hub.transport());
    const windows = fileWindows(join(this.folder, name), { messages: 512, instances: 8 });
    const domains = [{ name: 'OFFICE', transports }];
    const host = new Host(name, { domains, windows, ports: testPorts(this.clock) });
    host.redirector.attach('a', 'domain', (data) => {
      this.deliveries.push(`${name} ${data}`);
      return true;
    });
    await host.redirector.start();
    return { host, transports, heard: 0 };
  }

  private send(from: number, to: string): void {
    this.sent += 1;
    const text = String(this.sent);
    this.meant.set(text, to === '*' ? NAMES : [to]);
    const { redirector } = this.computers[from]!.host;
    const destination = redirector.destinationOf(parseName(`//${to}/mailslot/a`));
    if (!redirector.send(destination, Buffer.from(text))) this.meant.set(text, []);
    this.collect();
  }

  private collect(): void {
    for (const [network, { wire }] of this.hubs.entries()) {
      for (const datagram of wire.splice(0)) this.flights.push({ datagram, network });
    }
  }

  private carry(fate: Fate, pick: number, receiver: number): void {
    const from = fate === 'again' ? this.past : this.flights;
    const flight = from[pick % Math.max(1, from.length)];
    if (flight === undefined) return;
    if (fate !== 'again') {
      this.flights.splice(this.flights.indexOf(flight), 1);
      this.past.push(flight);
    }
    if (fate === 'lose') return;
    const computer = this.computers[receiver]!;
    const { identity, to } = flight.datagram;
    const isMeant = to.kind === 'domain' || to.name === NAMES[receiver];
    if (isMeant && identity.instance !== computer.host.redirector.instance) computer.heard += 1;
    computer.transports[flight.network]!.hear(flight.datagram);
  }

  private async restart(at: number, isKilled: boolean): Promise<void> {
    const { host, transports } = this.computers[at]!;
    if (!isKilled) await host.redirector.close();
    // A killed process hears and sends no more, and its file stays as it is.
    for (const transport of transports) transport.receiver = undefined;
    for (const hub of this.hubs)
      hub.members.splice(
        0,
        hub.members.length,
        ...hub.members.filter((member) => !transports.includes(member)),
      );
    this.computers[at] = await this.run(at);
  }

  private setRoom(pick: number, hasRoom: boolean): void {
    const { transports } = this.computers[pick % NAMES.length]!;
    const transport = transports[pick % NETWORKS]!;
    if (hasRoom) transport.makeRoom();
    else transport.room = 0;
    this.collect();
  }

  private check(): void {
    assert.equal(new Set(this.deliveries).size, this.deliveries.length, 'delivered twice');
    for (const delivery of this.deliveries) {
      const [name, text] = delivery.split(' ') as [string, string];
      assert.ok(this.meant.get(text)?.includes(name), `${delivery}: was not for it`);
    }
    for (const { host, heard } of this.computers) {
      const statistics = host.redirector.statistics();
      assert.equal(statistics.received, statistics.delivered + dropsOf(statistics));
      const loop = statistics.domains[0]!.transports.at(-1)!;
      assert.equal(statistics.received - loop.received, heard, 'neither delivered nor counted');
      assert.ok(statistics.gaps >= 0);
    }
  }
}

function dropsOf({ dropped }: RedirectorStatistics): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

const computer = fc.nat(NAMES.length - 1);
const pick = fc.nat(1_000);
const fate = fc.constantFrom<Fate[]>('deliver', 'deliver', 'deliver', 'lose', 'again');
const jump = fc.constantFrom(-3_600_000, -50_000, -1_000, 1_000, 3_600_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: record('send', { from: computer, to: fc.constantFrom('*', ...NAMES) }) },
  { weight: 14, arbitrary: record('carry', { fate, pick, receiver: computer }) },
  { weight: 1, arbitrary: record('restart', { host: computer, isKilled: fc.boolean() }) },
  { weight: 2, arbitrary: record('wait', { ms: fc.constantFrom(1, 900, 20_000, 80_000) }) },
  { weight: 1, arbitrary: record('jump', { ms: jump }) },
  { weight: 1, arbitrary: record('room', { pick, hasRoom: fc.boolean() }) },
);

function record<Name extends string, Fields>(
  name: Name,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
): fc.Arbitrary<{ do: Name } & Fields> {
  return fc.record(fields).map((values) => ({ do: name, ...(values as Fields) }));
}

test('in any order of sends, losses, duplicates, restarts and jumps nothing comes twice, and all is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
      const world = new World();
      try {
        await world.begin();
        for (const each of steps) await world.step(each);
      } finally {
        await world.end();
      }
    }),
    { numRuns: 150 },
  );
});
