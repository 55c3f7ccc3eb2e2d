import { SeededRandom, SimulatedNetwork, VirtualClock } from 'mailslot/testing';
import { ANNOUNCE_MIN_MS, ANNOUNCE_SPACING_MS } from '../../../packages/mailslot/dist/limits.js';
import { Computer } from './computer.js';
import type { Context } from './context.js';
import { History } from './history.js';
import { Registry } from './model/registry.js';
import { Rules } from './model/rules.js';
import { Tally } from './model/tally.js';
import { Recorder } from './recorder.js';
import { Running } from './running.js';
import type { Setup } from './setup.js';
import { must, Violation } from './violation.js';

/** As long as a promise may wait until it goes on. */
const STEP_MS = 100;

/** Computers on a network, and everything that is known of what they send. */
export class World implements Context {
  readonly setup: Setup;
  readonly clock: VirtualClock = new VirtualClock();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly computers: readonly Computer[];
  readonly registry: Registry = new Registry();
  readonly history: History = new History();
  /** What all processes that ended have counted. */
  readonly tally: Tally = new Tally();
  /** Ways that were cut, whether or not they were mended since. */
  readonly cuts: [from: string, to: string][] = [];
  readonly recorder: Recorder = new Recorder();
  readonly isThorough: boolean;
  heard = 0;
  missed = 0;
  delivered = 0;
  /** Datagrams that redirectors were given, and that did not come from the network. */
  injected = 0;
  gaps = 0;
  /** From here on nothing happens any more. */
  restsFrom = 0;
  /** How long a computer stood still at most. */
  longestStandMs = 0;
  private readonly awaited = new Set<Computer>();

  /** @param isThorough whether all counters are compared after each datagram, which takes long. */
  constructor(setup: Setup, isThorough: boolean) {
    this.setup = setup;
    this.isThorough = isThorough;
    // Not the stream of chance that made the setup.
    this.random = new SeededRandom(setup.seed + 2 ** 40);
    const { clock } = this;
    this.network = new SimulatedNetwork({
      clock,
      seed: setup.seed + 2 ** 41,
      impairments: setup.impairments,
    });
    this.computers = setup.places.map((place) => new Computer(this, place));
  }

  /** Lets time pass, and promises go on. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(left, STEP_MS));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What is known at the end. */
  counts(): Record<string, number> {
    const { registry, heard, injected, missed, delivered, gaps, network, tally } = this;
    const { copies, lost, cut, missed: unheard } = network.statistics();
    const { fates } = tally;
    const onTheWay = { copies, lost, cut, 'nobody-there': unheard + missed };
    return { messages: registry.messages, heard, replayed: injected, ...onTheWay, ...fates, delivered, gaps };
  }

  /** The longest time between two announcements of one computer. */
  get intervalMs(): number {
    return Math.max(ANNOUNCE_MIN_MS, this.registry.mostInstances * ANNOUNCE_SPACING_MS);
  }

  /** It is there again when things happen next. */
  startSoon(computer: Computer): void {
    this.awaited.add(computer);
  }

  async startAwaited(): Promise<void> {
    const awaited = [...this.awaited];
    this.awaited.clear();
    for (const computer of awaited) await this.start(computer);
  }

  /** A computer that stands still goes on. */
  wake(computer: Computer): void {
    if (!computer.clock.isStill) return;
    computer.disturbedAt = this.clock.monotonic();
    computer.goOn();
  }

  async start(computer: Computer): Promise<void> {
    if (computer.running !== undefined) return;
    const { memberships } = computer.place;
    const transports = memberships.map(({ ends }) => ends.map((end) => this.network.transport(end)));
    const failures = this.random.happens(0.02) ? 1 + this.random.below(2) : 0;
    // A process knows nothing of the rates of the one before it.
    computer.rules = new Rules(computer.rules.text);
    computer.memory.begin(computer.now(), computer.windows.isThere);
    computer.running = new Running(computer, this.random, transports, failures);
    computer.disturbedAt = this.clock.monotonic();
    await computer.running.start();
  }

  /** As `mailslot serve` ends. */
  async close(computer: Computer): Promise<void> {
    const { running } = computer;
    if (running === undefined || !computer.isActive) return;
    await running.close();
    this.end(computer, running);
  }

  async kill(computer: Computer): Promise<void> {
    const { running } = computer;
    if (running === undefined) return;
    this.end(computer, running);
    await running.kill();
    computer.goOn();
  }

  /** Compares what a process has counted with what it should have. */
  audit({ place, memory, windows }: Computer, { redirector, tally, gaps, discovery }: Running): void {
    const statistics = redirector.statistics();
    try {
      tally.compare(statistics);
      if (!gaps.isVague)
        must(statistics.gaps === gaps.missing, () => `gaps: ${statistics.gaps}, not ${gaps.missing}`);
      must(statistics.peers <= memory.windows, () => `${statistics.peers} peers of ${memory.windows}`);
      must(windows.bytes <= windows.mostBytes, () => `${windows.bytes} bytes of windows`);
      const known = discovery?.computers().reduce((sum, { instances }) => sum + instances, 0) ?? 0;
      // In each of two domains those that ever spoke, and itself.
      const most = 2 * (this.registry.instances + 1);
      must(known <= most, () => `${known} instances in the roster, of ${most}`);
    } catch (error) {
      throw new Violation(`computer ${place.number} (${place.name}): ${(error as Error).message}`);
    }
  }

  private end(computer: Computer, running: Running): void {
    this.audit(computer, running);
    this.tally.add(running.tally);
    this.gaps += running.redirector.statistics().gaps;
    computer.running = undefined;
    computer.disturbedAt = this.clock.monotonic();
  }
}
