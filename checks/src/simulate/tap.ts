import { MailslotError } from 'mailslot';
import type { Capabilities, Datagram, Origin, Receiver, Transport, TransportDrop } from 'mailslot/testing';

/** Who watches what goes through a tap. */
export interface TapOwner {
  /** The network took a datagram of this computer. */
  took(tap: Tap, datagram: Datagram): void;
  /** A datagram came; `tap.hand` gives it to the redirector, now or later. */
  came(tap: Tap, datagram: Datagram, origin: Origin): void;
}

/** Between a redirector and its transport: nothing passes unseen. */
export class Tap implements Transport, Receiver {
  readonly name: string;
  readonly domain: string;
  readonly capabilities: Capabilities;
  isFull = false;
  private readonly inner: Transport;
  private readonly owner: TapOwner;
  private failures: number;
  private receiver: Receiver | undefined;

  /** @param failures how often `start` fails before it does not */
  constructor(inner: Transport, domain: string, owner: TapOwner, failures: number) {
    this.inner = inner;
    this.domain = domain;
    this.owner = owner;
    this.failures = failures;
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
    this.owner.came(this, datagram, origin);
  }

  dropped(reason: TransportDrop, count: number): void {
    this.receiver?.dropped(reason, count);
  }

  hasRoom(): void {
    this.isFull = false;
    this.receiver?.hasRoom();
  }

  /** Gives the redirector what came. */
  hand(datagram: Datagram, origin: Origin): void {
    this.receiver?.received(datagram, origin);
  }
}
