import type { SlotName } from '../name/slot-name.js';
import type { Clock } from '../ports/clock.js';
import type { Destination } from '../redirector/destination.js';
import type { Deliver } from '../redirector/remote.js';
import type { Carrier } from './carrier.js';

/** What one computer gave the network. */
export interface Sent {
  readonly from: FakeCarrier;
  readonly destination: Destination;
  readonly data: Buffer;
}

/** A network of fake redirectors in one process: what one sends the others get a millisecond later. */
export class Hub {
  readonly clock: Clock;
  readonly carriers: FakeCarrier[] = [];
  /** Since when nobody cleared it. */
  sent: Sent[] = [];
  /** Whether a message gets lost on its way. */
  isLost: (sent: Sent, to: FakeCarrier) => boolean = () => false;
  private made = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A redirector of that computer; `address` is where its datagrams seem to come from. */
  join(computer: string, address?: string, domains: readonly string[] = ['OFFICE']): FakeCarrier {
    const carrier = new FakeCarrier(this, computer, address ?? `10.0.0.${this.made}:48783`, domains);
    this.carriers.push(carrier);
    return carrier;
  }

  newInstance(): string {
    this.made += 1;
    // As if by chance: the two words have nothing in common with those of the next.
    const word = (seed: number): string =>
      (Math.imul(this.made ^ seed, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
    return word(0x5bd1_e995) + word(0x27d4_eb2f);
  }

  carry(sent: Sent): void {
    this.sent.push(sent);
    this.clock.after(1, () => {
      for (const carrier of this.carriers) {
        if (carrier !== sent.from && !this.isLost(sent, carrier)) carrier.receive(sent);
      }
    });
  }
}

export class FakeCarrier implements Carrier {
  readonly computer: string;
  readonly domains: readonly string[];
  instance: string;
  address: string;
  isFull = false;
  isOff = false;
  private readonly hub: Hub;
  private readonly slots = new Map<string, Deliver>();
  private readonly renewed = new Set<() => void>();
  private readonly room = new Set<() => void>();
  private readonly up = new Set<() => void>();

  constructor(hub: Hub, computer: string, address: string, domains: readonly string[]) {
    this.hub = hub;
    this.computer = computer;
    this.address = address;
    this.domains = domains;
    this.instance = hub.newInstance();
  }

  attach(path: string, _remote: 'domain' | 'anyone', deliver: Deliver): { detach(): void } {
    this.slots.set(path, deliver);
    return { detach: () => this.slots.delete(path) };
  }

  destinationOf(name: SlotName): Destination {
    const domain = String(name.host);
    return {
      domain,
      to: { kind: 'domain', name: domain },
      slot: name.path,
      scope: 'site',
      messageLimit: 60_000,
    };
  }

  send(destination: Destination, data: Uint8Array): boolean {
    if (this.isFull) return false;
    if (!this.isOff) this.hub.carry({ from: this, destination, data: Buffer.from(data) });
    return true;
  }

  onRenewed(listener: () => void): () => void {
    this.renewed.add(listener);
    return () => this.renewed.delete(listener);
  }

  onRoom(listener: () => void): () => void {
    this.room.add(listener);
    return () => this.room.delete(listener);
  }

  onUp(listener: () => void): () => void {
    this.up.add(listener);
    return () => this.up.delete(listener);
  }

  transportsTo(): string[] {
    return [];
  }

  /** Its connection is there again. */
  comeUp(): void {
    for (const listener of this.up) listener();
  }

  /** The network takes messages again. */
  empty(): void {
    this.isFull = false;
    for (const listener of this.room) listener();
  }

  /** The clock jumped. */
  renew(): void {
    this.instance = this.hub.newInstance();
    for (const listener of this.renewed) listener();
  }

  receive({ from, destination, data }: Sent): void {
    const { to, domain, slot } = destination;
    const isForUs = to.kind === 'domain' || to.name.toUpperCase() === this.computer.toUpperCase();
    if (this.isOff || !isForUs || !this.domains.includes(domain)) return;
    this.slots.get(slot)?.(
      data,
      { via: 'fake', authenticated: true, pid: 0, computer: from.computer, domain },
      { instance: from.instance, stamp: this.hub.clock.now(), address: from.address },
    );
  }
}
