import { SIMULATED_MESSAGE_LIMIT } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Clock } from '../ports/clock.js';
import type { Capabilities, Transport } from '../transport/transport.js';
import { Cabling } from './cabling.js';
import { BAD_DAY, checkedImpairments, type Impairments } from './impairments.js';
import { SeededRandom } from './seeded-random.js';
import { Segment } from './segment.js';
import { type Carrier, type Packet, SimulatedTransport } from './simulated-transport.js';

/** How a simulated network is made. */
export interface NetworkOptions {
  /** Its time, as a rule a {@link VirtualClock}. */
  readonly clock: Clock;
  /** Decides every chance: a whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** What it does to datagrams. Default: {@link BAD_DAY}. */
  readonly impairments?: Partial<Impairments>;
}

/** One computer's end of a simulated network. */
export interface EndOptions {
  readonly domain: string;
  readonly computer: string;
  /** The LANs it has an interface to; ends hear each other over each LAN that they share. Default `['lan']`. */
  readonly interfaces?: readonly string[];
  /** Default `simulated`. */
  readonly name?: string;
  /** Default: 60 KiB, authenticated. */
  readonly capabilities?: Partial<Omit<Capabilities, 'broadcast'>>;
}

/** What became of everything. A copy is one datagram on its way to one receiver over one LAN. */
export interface NetworkStatistics {
  /** Datagrams that transports took, once for each LAN. */
  readonly sent: number;
  /** Copies: delivered, lost, cut, missed, or still on their way. */
  readonly copies: number;
  readonly delivered: number;
  /** By the impairment `loss`. */
  readonly lost: number;
  /** Whose way was cut, or whose sender was closed before they left it. */
  readonly cut: number;
  /** Whose receiver was closed meanwhile. */
  readonly missed: number;
  /** Of the copies: those of the impairment `duplication`. */
  readonly duplicates: number;
  readonly onTheWay: number;
}

interface Arrival {
  readonly packet: Packet;
  readonly receiver: SimulatedTransport;
}

/** What arrives within an eighth of a millisecond has one alarm together; a power of two, so that sums are exact. */
const TICKS_PER_MS = 8;

/**
 * A network in memory, as bad as one likes, for thousands of computers. The same seed and the same calls lead to the
 * same deliveries at the same times, bit for bit.
 *
 * ```ts
 * const clock = new VirtualClock();
 * const network = new SimulatedNetwork({ clock, seed: 1, impairments: { loss: 0.2 } });
 * const alpha = network.transport({ domain: 'OFFICE', computer: 'ALPHA' });
 * const bravo = network.transport({ domain: 'OFFICE', computer: 'BRAVO', interfaces: ['lan', 'wifi'] });
 * network.cut('ALPHA', 'BRAVO');
 * clock.advance(1_000);
 * ```
 *
 * A datagram to a domain comes back to its sender too, as multicast does.
 */
export class SimulatedNetwork {
  private readonly clock: Clock;
  private readonly random: SeededRandom;
  private readonly cabling = new Cabling();
  private readonly carrier: Carrier;
  private readonly segments = new Map<string, Segment<SimulatedTransport>>();
  private readonly arrivals = new Map<number, Arrival[]>();
  private readonly counters = { sent: 0, copies: 0, delivered: 0, lost: 0, cut: 0, missed: 0, duplicates: 0 };
  private impairments: Impairments;
  private ends = 0;

  constructor({ clock, seed, impairments }: NetworkOptions) {
    this.clock = clock;
    this.random = new SeededRandom(seed);
    this.impairments = checkedImpairments({ ...BAD_DAY, ...impairments });
    const bytesPerMs = (): number => this.impairments.bytesPerSecond / 1_000;
    this.carrier = {
      clock,
      get bytesPerMs() {
        return bytesPerMs();
      },
      carry: (packet) => this.carry(packet),
    };
  }

  /** An end of the network, to be started by whoever uses it. Several of one computer are instances of it. */
  transport({ domain, computer, interfaces = ['lan'], name, capabilities }: EndOptions): Transport {
    this.ends += 1;
    const attachments = interfaces.map((lan) => {
      return { segment: this.segment(lan, domain), origin: { address: `${lan}/${this.ends}` } };
    });
    const description = {
      name: name ?? 'simulated',
      computer: upperCase(computer),
      capabilities: {
        broadcast: true,
        reach: 'lan' as const,
        maxMessageSize: SIMULATED_MESSAGE_LIMIT,
        authenticated: true,
        ...capabilities,
      },
    };
    return new SimulatedTransport(this.carrier, description, attachments);
  }

  /** Changes what the network does, from now on; what is on its way already arrives as it would have. */
  impair(changes: Partial<Impairments>): void {
    this.impairments = checkedImpairments({ ...this.impairments, ...changes });
  }

  /**
   * Only computers of one side hear each other; those that are on none are a side of their own. Takes the place of
   * the last partition; without sides the network is whole again.
   */
  partition(...sides: readonly (readonly string[])[]): void {
    this.cabling.partition(sides.map((side) => side.map(upperCase)));
  }

  /** Nothing comes from one computer to another any more, while the way back stays open. */
  cut(from: string, to: string): void {
    this.cabling.cut(upperCase(from), upperCase(to));
  }

  /** Undoes {@link cut}. */
  mend(from: string, to: string): void {
    this.cabling.mend(upperCase(from), upperCase(to));
  }

  /** Pulls a computer's cable out of a LAN. */
  unplug(computer: string, lan: string): void {
    this.cabling.unplug(upperCase(computer), lan);
  }

  /** Undoes {@link unplug}. */
  plug(computer: string, lan: string): void {
    this.cabling.plug(upperCase(computer), lan);
  }

  statistics(): NetworkStatistics {
    const { copies, delivered, lost, cut, missed } = this.counters;
    return { ...this.counters, onTheWay: copies - delivered - lost - cut - missed };
  }

  private segment(lan: string, domain: string): Segment<SimulatedTransport> {
    const key = `${upperCase(domain)}\0${lan}`;
    const segment = this.segments.get(key) ?? new Segment(lan);
    this.segments.set(key, segment);
    return segment;
  }

  private carry(packet: Packet): void {
    this.counters.sent += 1;
    const { to } = packet.datagram;
    const isForAll = to.kind === 'domain' || this.random.happens(this.impairments.strays);
    const receivers = isForAll ? packet.segment.members : packet.segment.named(upperCase(to.name));
    for (const receiver of receivers) {
      this.travel({ packet, receiver });
      if (!this.random.happens(this.impairments.duplication)) continue;
      this.counters.duplicates += 1;
      this.travel({ packet, receiver });
    }
  }

  private travel(arrival: Arrival): void {
    const { loss, minDelayMs, maxDelayMs, reordering, heldMs } = this.impairments;
    this.counters.copies += 1;
    if (this.random.happens(loss)) {
      this.counters.lost += 1;
      return;
    }
    let at = arrival.packet.departsAt + minDelayMs + (maxDelayMs - minDelayMs) * this.random.fraction();
    if (this.random.happens(reordering)) at += heldMs * this.random.fraction();
    const tick = Math.floor(at * TICKS_PER_MS) + 1;
    const together = this.arrivals.get(tick);
    if (together !== undefined) {
      together.push(arrival);
      return;
    }
    this.arrivals.set(tick, [arrival]);
    this.clock.after(tick / TICKS_PER_MS - this.clock.monotonic(), () => this.arrive(tick));
  }

  private arrive(tick: number): void {
    const together = this.arrivals.get(tick) ?? [];
    this.arrivals.delete(tick);
    for (const { packet, receiver } of together) {
      const { sender, segment, departsAt } = packet;
      const isOpen = this.cabling.connects(sender.computer, receiver.computer, segment.lan);
      if (!isOpen || departsAt > sender.sendsUntil) this.counters.cut += 1;
      else if (receiver.hear(packet)) this.counters.delivered += 1;
      else this.counters.missed += 1;
    }
  }
}
