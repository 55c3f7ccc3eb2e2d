import type { Datagram } from '../transport/datagram.js';
import type { Receiver, Transport } from '../transport/transport.js';
import { CALM, type Impairments } from './impairments.js';
import { type EndOptions, SimulatedNetwork } from './simulated-network.js';
import { VirtualClock } from './virtual-clock.js';

/** An end that says what it hears, as `5 at 12.125 from lan/1`. */
export interface End {
  readonly transport: Transport;
  readonly heard: string[];
  /** How often it was told that there is room. */
  rooms: number;
}

/** A calm network, unless a test wants it otherwise, and its clock. */
export class Scene {
  readonly clock: VirtualClock = new VirtualClock();
  readonly network: SimulatedNetwork;
  private counter = 0;

  constructor(impairments: Partial<Impairments> = {}, seed = 1) {
    this.network = new SimulatedNetwork({
      clock: this.clock,
      seed,
      impairments: { ...CALM, ...impairments },
    });
  }

  async end(computer: string, options: Partial<EndOptions> = {}): Promise<End> {
    const transport = this.network.transport({ domain: 'OFFICE', computer, ...options });
    const end: End = { transport, heard: [], rooms: 0 };
    const receiver: Receiver = {
      received: ({ identity }, { address }) => {
        end.heard.push(`${identity.counter} at ${this.clock.monotonic()} from ${address}`);
      },
      dropped: () => undefined,
      hasRoom: () => {
        end.rooms += 1;
      },
    };
    await transport.start(receiver);
    return end;
  }

  /** Several ends, each of a computer of its own. */
  ends<Names extends readonly string[]>(...names: Names): Promise<{ [Name in keyof Names]: End }> {
    return Promise.all(names.map((name) => this.end(name))) as Promise<{ [Name in keyof Names]: End }>;
  }

  /** Sends one datagram, to a computer if one is named, else to the domain; lets a second pass. */
  say({ transport }: End, to?: string, length = 10): void {
    transport.send(this.datagram(to, length));
    this.clock.advance(1_000);
  }

  datagram(to?: string, length = 10): Datagram {
    this.counter += 1;
    const { counter } = this;
    return {
      identity: { instance: '0123456789abcdef', counter, stamp: this.clock.now() },
      from: 'ALPHA',
      to: to === undefined ? { kind: 'domain', name: 'OFFICE' } : { kind: 'computer', name: to },
      sequence: counter,
      slot: 'app/events',
      scope: 'site',
      data: new Uint8Array(length),
    };
  }
}

/** The counters of what was heard, in order. */
export function counters({ heard }: End): number[] {
  return heard.map((entry) => Number.parseInt(entry, 10));
}
