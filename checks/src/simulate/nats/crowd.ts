import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Child } from '../../harness/child.js';
import type { Scene } from '../../harness/scene.js';
import { until } from '../../lan/support/until.js';
import type { NatsComputers } from '../programs/nats-computers.js';
import type { MeasuredServer } from './measured-server.js';
import type { ServerStatistics } from './monitor.js';
import { FEW, SLOT_OF_ALL, SLOT_OF_FEW, SUBSCRIPTIONS } from './slots.js';

/** What one message to all came to. */
interface Deliveries {
  /** How often the server gave it out. */
  readonly delivered: number;
  /** How often it came to a computer. */
  readonly arrived: number;
}

/** What it took until all were there. Memory in bytes for each computer: of the clients, of the server. */
interface Joined {
  readonly allJoinedAfterMs: number;
  readonly clientMemory: number;
  readonly serverMemory: number;
  readonly serverVersion: string;
}

/** What the server does while nothing happens. */
interface Rest {
  readonly bytesPerSecond: number;
  /** Of one core. */
  readonly cpuShare: number;
}

const PROCESSES = 4;
/** Computers that come and go in each process before anything is measured: what they load and compile stays. */
const WARM_UP = 25;

/** The first that is not among the few; what it sends to all does not come back to it. */
const SENDER = FEW;
const WITNESS = 0;

/** All computers together announce themselves ten times a second, whatever their number; docs/wire/browse.md, section 2. */
const ANNOUNCE_EACH_MS = 100;
const ANNOUNCEMENTS = 50;
const ANNOUNCEMENT = '29 bytes, without any offers.';

/** All computers of a domain, in a few processes; those of one process have its number and each so many further. */
export class Crowd {
  private readonly members: readonly Child<NatsComputers>[];
  private readonly server: MeasuredServer;
  private readonly computers: number;
  private newcomer: number;
  private subscriptions = 0;
  private written = 0;

  private constructor(members: readonly Child<NatsComputers>[], server: MeasuredServer, computers: number) {
    this.members = members;
    this.server = server;
    this.computers = computers;
    this.newcomer = computers;
  }

  /** There is one computer in each process. */
  static async start(at: Scene, server: MeasuredServer, computers: number): Promise<Crowd> {
    const folder = fileURLToPath(new URL('../programs', import.meta.url));
    const options = { folder, node: ['--expose-gc'] };
    const members = await Promise.all(
      Array.from({ length: PROCESSES }, () => at.start<NatsComputers>('nats-computers', options)),
    );
    const crowd = new Crowd(members, server, computers);
    const secret = randomBytes(32).toString('hex');
    await Promise.all(members.map((member) => member.ask('use', server.nats.url, secret)));
    await Promise.all(members.map((member, first) => member.ask('join', [first])));
    await crowd.newcomers(PROCESSES * WARM_UP);
    return crowd;
  }

  /** All others join. */
  async join(): Promise<Joined> {
    const [memory, before] = [await this.memory(), await this.server.monitor.look()];
    const others = this.computers - PROCESSES;
    this.subscriptions = before.subscriptions + others * SUBSCRIPTIONS;
    const since = performance.now();
    await Promise.all(this.members.map((member, at) => member.ask('join', this.numbersOf(at).slice(1))));
    const after = await this.untilAllAreThere();
    const allJoinedAfterMs = performance.now() - since;
    return {
      allJoinedAfterMs,
      clientMemory: ((await this.memory()) - memory) / others,
      serverMemory: (after.memory - before.memory) / others,
      serverVersion: after.version,
    };
  }

  /** Resolves when the server has all connections and subscriptions. */
  async untilAllAreThere(): Promise<ServerStatistics> {
    let last = await this.server.monitor.look();
    const areThere = async (): Promise<boolean> => {
      last = await this.server.monitor.look();
      return last.connections >= this.computers && last.subscriptions >= this.subscriptions;
    };
    await until(areThere, 'the last computer');
    return last;
  }

  /** So many computers, one after the other; each leaves. How many milliseconds each needed until it was reached. */
  async newcomers(count: number): Promise<number[]> {
    const times: number[] = [];
    while (times.length < count) {
      const number = this.newcomer++;
      times.push(await this.memberOf(number).ask('newcomer', number, number % PROCESSES));
    }
    return times;
  }

  /** What one message to all costs. */
  async deliveries(slot: string): Promise<Deliveries> {
    const before = await this.server.monitor.look();
    const { text } = await this.toAll(slot);
    // The server has given the first message of a connection to all before it looks at the next.
    await this.memberOf(SENDER).ask('toOne', SENDER, WITNESS, SLOT_OF_ALL, `after ${text}`);
    await this.memberOf(WITNESS).ask('arrival', `after ${text}`, 1);
    const after = await this.server.monitor.look();
    const arrived = await Promise.all(this.members.map((member) => member.ask('arrived', text)));
    return {
      delivered: after.outMessages - before.outMessages - 1,
      arrived: arrived.reduce((sum, each) => sum + each, 0),
    };
  }

  /** Has one computer write to all; how many milliseconds until the last one had it. */
  async broadcast(): Promise<number> {
    return (await this.toAll(SLOT_OF_ALL)).tookMs;
  }

  /** What the server does for computers that only announce themselves. */
  async rest(): Promise<Rest> {
    const [before, since] = [await this.server.monitor.look(), performance.now()];
    const usedBefore = this.server.cpuMs();
    for (let number = 0; number < ANNOUNCEMENTS; number += 1) {
      const from = number % this.computers;
      await this.memberOf(from).ask('toAll', from, SLOT_OF_ALL, ANNOUNCEMENT);
      await pause(Math.max(0, since + (number + 1) * ANNOUNCE_EACH_MS - performance.now()));
    }
    const [ms, cpuMs] = [performance.now() - since, this.server.cpuMs() - usedBefore];
    const { outBytes } = await this.server.monitor.look();
    return { bytesPerSecond: (1_000 * (outBytes - before.outBytes)) / ms, cpuShare: cpuMs / ms };
  }

  async end(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }

  private async toAll(slot: string): Promise<{ text: string; tookMs: number }> {
    const text = `to all ${this.written++}`;
    const hears = (number: number): boolean => {
      return number !== SENDER && (slot !== SLOT_OF_FEW || number < FEW);
    };
    const since = await this.memberOf(SENDER).ask('toAll', SENDER, slot, text);
    const last = await Promise.all(
      this.members.map((member, at) => member.ask('arrival', text, this.numbersOf(at).filter(hears).length)),
    );
    return { text, tookMs: Math.max(...last) - since };
  }

  private async memory(): Promise<number> {
    const each = await Promise.all(this.members.map((member) => member.ask('memory')));
    return each.reduce((sum, bytes) => sum + bytes, 0);
  }

  private memberOf(number: number): Child<NatsComputers> {
    return this.members[number % PROCESSES] as Child<NatsComputers>;
  }

  private numbersOf(member: number): number[] {
    const all = Array.from({ length: this.computers }, (_, number) => number);
    return all.filter((number) => number % PROCESSES === member);
  }
}
