import type { Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import { type ComputerEntry, type ComputerEvent, Discovery } from './discovery.js';
import { type FakeCarrier, Hub } from './hub.test.support.js';

/** Time that the test lets pass. */
interface SteeredClock extends Clock {
  advance(ms: number): void;
}

export interface Desk {
  readonly carrier: FakeCarrier;
  readonly discovery: Discovery;
}

export interface DeskOptions {
  readonly machine?: string;
  readonly address?: string;
  readonly offers?: readonly string[];
  readonly domains?: readonly string[];
}

/** A domain of computers, each with discovery, on a network that is a few lines of code. */
export class Office {
  readonly hub: Hub;
  readonly clock: SteeredClock;
  readonly warnings: string[] = [];
  private readonly random: Random;
  private machines = 0;

  constructor(clock: SteeredClock, random: Random) {
    this.clock = clock;
    this.random = random;
    this.hub = new Hub(clock);
  }

  /** A computer that starts now. */
  start(computer: string, options: DeskOptions = {}): Desk {
    this.machines += 1;
    const carrier = this.hub.join(computer, options.address, options.domains);
    const discovery = new Discovery(carrier, {
      offers: options.offers ?? [],
      machine: options.machine ?? this.machines.toString(16).padStart(16, '0'),
      ports: { clock: this.clock, random: this.random, log: { warn: (text) => this.warnings.push(text) } },
    });
    discovery.start();
    return { carrier, discovery };
  }

  /** So many that start together, in time to know each other; what they sent is forgotten. */
  settled(count: number): Desk[] {
    const desks = Array.from({ length: count }, (_, at) => this.start(`PC-${at}`));
    this.clock.advance(10_000);
    this.hub.sent = [];
    return desks;
  }

  /** Somebody who pulls the plug: the computer neither says goodbye nor hears anything. */
  kill(desk: Desk): void {
    desk.carrier.isOff = true;
  }
}

/** What a discovery tells from now on, as `gone BETA`. */
export function watched({ discovery }: Desk): string[] {
  const events: string[] = [];
  discovery.watch(({ change, computer: { name } }: ComputerEvent) => events.push(`${change} ${name}`));
  return events;
}

/** The computers that discovery takes to be there. */
export function present({ discovery }: Desk): string[] {
  return discovery
    .computers()
    .filter(({ state }) => state === 'here')
    .map(({ name }) => name);
}

export function entryFor({ discovery }: Desk, name: string): ComputerEntry {
  const entry = discovery.computers().find((each) => each.name === name);
  if (!entry) throw new Error(`${name} is not among ${discovery.computers().map((each) => each.name)}`);
  return entry;
}
