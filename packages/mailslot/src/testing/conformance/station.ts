import type { Addressee, Datagram } from '../../transport/datagram.js';
import type { Origin, Receiver, Transport } from '../../transport/transport.js';

/** Every case's slot, unless it says otherwise. */
export const SLOT = 'app/events';

export interface Heard {
  readonly datagram: Datagram;
  readonly origin: Origin;
}

/** A transport under test, what it was given to send, and what it told. */
export class Station {
  readonly transport: Transport;
  readonly domain: string;
  readonly computer: string;
  readonly sent: Datagram[] = [];
  readonly heard: Heard[] = [];
  /** What it told after its close. */
  readonly untimely: string[] = [];
  /** How often `hasRoom` was called, and how often `send` returned false. */
  rooms = 0;
  refusals = 0;
  private isClosed = false;
  private readonly instance: string;
  private counter = 0;
  private readonly keys = new Set<string>();

  constructor(transport: Transport, domain: string, computer: string, number: number) {
    this.transport = transport;
    this.domain = domain;
    this.computer = computer;
    this.instance = (number + 1).toString(16).padStart(16, '0');
  }

  async start(): Promise<void> {
    await this.transport.start(this.receiver());
    this.transport.want(new Set([SLOT]));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.transport.close();
    this.isClosed = true;
  }

  /** This station's next datagram, or one with some other fields. */
  datagram(to: Addressee, data: Uint8Array, fields: Partial<Datagram> = {}): Datagram {
    this.counter += 1;
    const { counter, instance } = this;
    const identity = { instance, counter, stamp: 1_700_000_000_000 + counter };
    return {
      identity,
      from: this.computer,
      to,
      sequence: counter,
      slot: SLOT,
      scope: 'site',
      data,
      ...fields,
    };
  }

  send(datagram: Datagram): boolean {
    // Kept before: what was sent must be what arrives, whatever `send` returns or throws.
    this.sent.push(datagram);
    const taken = this.transport.send(datagram);
    if (!taken) this.refusals += 1;
    return taken;
  }

  hasHeard(datagram: Datagram): boolean {
    return this.keys.has(keyOf(datagram));
  }

  private receiver(): Receiver {
    return {
      received: (datagram, origin) => {
        this.checkTime('a datagram');
        this.heard.push({ datagram, origin });
        this.keys.add(keyOf(datagram));
      },
      dropped: (reason) => this.checkTime(`the drop "${reason}"`),
      hasRoom: () => {
        this.checkTime('room');
        this.rooms += 1;
      },
    };
  }

  private checkTime(what: string): void {
    if (this.isClosed) this.untimely.push(`${this.computer} told of ${what} after it was closed`);
  }
}

/** The same for the same message. */
export function keyOf({ identity }: Datagram): string {
  return `${identity.instance}/${identity.counter}`;
}
