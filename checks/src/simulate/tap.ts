import { MailslotError } from 'mailslot';
import type {
  Capabilities,
  Clock,
  Datagram,
  Origin,
  Receiver,
  Transport,
  TransportDrop,
} from 'mailslot/testing';

/** Who watches what goes through a tap. */
export interface TapOwner {
  /** The network took a datagram of this computer. */
  took(tap: Tap, datagram: Datagram): void;
  /** Datagrams came; `tap.hand` gives them to the redirector, now or later. */
  came(tap: Tap, arrivals: readonly Arrival[]): void;
}

export interface Arrival {
  readonly datagram: Datagram;
  readonly origin: Origin;
}

/** How a tap differs from a wire. */
export interface TapOptions {
  readonly domain: string;
  /** How often `start` fails before it does not. */
  readonly failures: number;
  /** What comes within so many ms is handed over in one piece, as `lan` does with what shared a packet; 0: never. */
  readonly gatherMs: number;
}

/** Between a redirector and its transport: nothing passes unseen. */
export class Tap implements Transport, Receiver {
  readonly name: string;
  readonly domain: string;
  readonly capabilities: Capabilities;
  isFull = false;
  private readonly inner: Transport;
  private readonly owner: TapOwner;
  private readonly clock: Clock;
  private readonly gatherMs: number;
  private failures: number;
  private gathered: Arrival[] = [];
  private receiver: Receiver | undefined;

  constructor(inner: Transport, owner: TapOwner, clock: Clock, { domain, failures, gatherMs }: TapOptions) {
    this.inner = inner;
    this.owner = owner;
    this.clock = clock;
    this.domain = domain;
    this.failures = failures;
    this.gatherMs = gatherMs;
    this.name = inner.name;
    this.capabilities = inner.capabilities;
  }

  get isUp(): boolean {
    return this.receiver !== undefined;
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new MailslotError('ERR_MAILSLOT_ACCESS_DENIED', 'the cable is not there yet; wait for it');
    }
    this.receiver = receiver;
    await this.inner.start(this);
  }

  send(datagram: Datagram): boolean {
    const isTaken = this.inner.send(datagram);
    this.isFull = !isTaken;
    if (isTaken) this.owner.took(this, datagram);
    return isTaken;
  }

  want(slots: ReadonlySet<string>): void {
    this.inner.want(slots);
  }

  close(): Promise<void> {
    this.receiver = undefined;
    return this.inner.close();
  }

  received(datagram: Datagram, origin: Origin): void {
    if (this.gatherMs === 0) {
      this.owner.came(this, [{ datagram, origin }]);
      return;
    }
    this.gathered.push({ datagram, origin });
    if (this.gathered.length > 1) return;
    this.clock.after(this.gatherMs, () => {
      const arrivals = this.gathered;
      this.gathered = [];
      this.owner.came(this, arrivals);
    });
  }

  dropped(reason: TransportDrop, count: number): void {
    this.receiver?.dropped(reason, count);
  }

  hasRoom(): void {
    this.isFull = false;
    this.receiver?.hasRoom();
  }

  /** Gives the redirector what came. */
  hand(arrivals: readonly Arrival[]): void {
    const { receiver } = this;
    const each = (): void => {
      for (const { datagram, origin } of arrivals) receiver?.received(datagram, origin);
    };
    if (arrivals.length > 1 && receiver?.together !== undefined) receiver.together(each);
    else each();
  }
}
