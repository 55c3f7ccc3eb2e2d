import type { MailslotError } from '../errors.js';
import {
  TRANSPORT_PATIENCE_MS,
  TRANSPORT_RETRY_MAX_MS,
  TRANSPORT_RETRY_MS,
  TRANSPORT_STALL_MS,
} from '../limits.js';
import type { Scope } from '../name/scope.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Datagram } from '../transport/datagram.js';
import type { Origin, Receiver, Transport, TransportDrop } from '../transport/transport.js';
import type { TrafficCounters } from './counters.js';

/** Whom a link tells. */
export interface LinkOwner {
  received(datagram: Datagram, origin: Origin): void;
  together(receive: () => void): void;
  /** What it held was sent: there is room again. */
  hasRoom(): void;
  /** It cannot carry what others of its domain have taken: a limit has fallen meanwhile. */
  tooLong(): void;
  /** It reaches others, for the first time or again. */
  isUp(): void;
  /** It reaches nobody any more. */
  isDown(): void;
  /** Which slots here take messages from as far away as that. */
  wanted(reach: Scope): ReadonlySet<string>;
}

/** One transport of one domain, and what it needs to be relied on: starts over and over, and holds what it refused. */
export class Link implements Receiver {
  readonly counters: TrafficCounters;
  readonly transport: Transport;
  private readonly what: string;
  private readonly owner: LinkOwner;
  private readonly ports: Ports;
  private status: 'starting' | 'up' | 'lost' | 'closed' = 'starting';
  private retry: Alarm | undefined;
  private retryMs = TRANSPORT_RETRY_MS;
  /** What other transports of the domain took and this one did not, yet: one message at most. */
  private held: Datagram | undefined;
  private isFull = false;
  /** Full for so long that others do not wait for it any more. */
  private hasStalled = false;
  private stalling: Alarm | undefined;
  /** Why it did not start. */
  private problem: string | undefined;

  constructor(
    transport: Transport,
    domain: string,
    counters: TrafficCounters,
    owner: LinkOwner,
    ports: Ports,
  ) {
    this.transport = transport;
    this.counters = counters;
    this.what = `the transport ${transport.name} of the domain ${domain}`;
    this.owner = owner;
    this.ports = ports;
  }

  get isUp(): boolean {
    return this.status === 'up';
  }

  /** Why nothing that is sent by it now reaches anybody, and what to do. */
  get hindrance(): string | undefined {
    const known = this.transport.hindrance;
    return this.isUp || known !== undefined ? known : (this.problem ?? 'it has not started yet');
  }

  /** Whether it would refuse a message now, and there will be room soon. */
  get isBusy(): boolean {
    return this.isFull && !this.hasStalled;
  }

  /** Whether it has been full for long, without a word of room. */
  get isStalled(): boolean {
    return this.hasStalled;
  }

  /** Resolves when it is up, or has failed and will be started again, or is slow: others do not wait for it. */
  async start(): Promise<void> {
    let alarm: Alarm | undefined;
    const patience = new Promise<void>((resolve) => {
      alarm = this.ports.clock.after(TRANSPORT_PATIENCE_MS, resolve);
    });
    await Promise.race([this.attempt(), patience]);
    alarm?.cancel();
  }

  async close(): Promise<void> {
    this.status = 'closed';
    this.retry?.cancel();
    this.held = undefined;
    this.emptied();
    try {
      await this.transport.close();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.ports.log.warn(`${this.what} does not close: ${reason}`);
    }
  }

  /** Tells the transport which slots take messages here now. */
  wantAll(): void {
    if (this.isUp) this.transport.want(this.owner.wanted(this.transport.capabilities.reach));
  }

  /** Its connection was lost, or is there again. What it held went by another way too, and nothing waits for it. */
  connected(isConnected: boolean): void {
    if (isConnected === this.isUp || (this.status !== 'up' && this.status !== 'lost')) return;
    this.status = isConnected ? 'up' : 'lost';
    this.ports.log.warn(`${this.what} ${isConnected ? 'is connected again' : 'lost its connection'}`);
    this.held = undefined;
    this.emptied();
    this.wantAll();
    this.owner.hasRoom();
    if (isConnected) this.owner.isUp();
    else this.owner.isDown();
  }

  /** False: it was not taken, and the owner is told when there is room. */
  send(datagram: Datagram): boolean {
    const isTaken = this.transport.send(datagram);
    if (isTaken) this.counters.sent += 1;
    else this.filled();
    return isTaken;
  }

  /** Sends it now, or as soon as there is room; for a link that is not busy. */
  sendOrHold(datagram: Datagram): void {
    if (!this.sendToo(datagram)) this.held = { ...datagram, data: Uint8Array.from(datagram.data) };
  }

  together(receive: () => void): void {
    this.owner.together(receive);
  }

  received(datagram: Datagram, origin: Origin): void {
    // Also before it is known to be up: the first message may be here before the promise of its start is.
    if (this.status !== 'closed') this.owner.received(datagram, origin);
  }

  dropped(reason: TransportDrop, count: number): void {
    this.counters.drop(reason, count);
  }

  hasRoom(): void {
    if (this.status === 'closed') return;
    const { held } = this;
    this.emptied();
    if (held !== undefined && !this.sendToo(held)) return;
    this.held = undefined;
    this.owner.hasRoom();
  }

  /** Sends what others have taken: if it is too long for this one only, that is counted, and no error of the writer's. */
  private sendToo(datagram: Datagram): boolean {
    try {
      return this.send(datagram);
    } catch (error) {
      if ((error as MailslotError).code !== 'ERR_MAILSLOT_MESSAGE_TOO_LARGE') throw error;
      this.owner.tooLong();
      return true;
    }
  }

  private filled(): void {
    this.isFull = true;
    this.stalling ??= this.ports.clock.afterIdle(TRANSPORT_STALL_MS, () => {
      this.hasStalled = true;
      this.ports.log.warn(`${this.what} takes nothing; the domain's other transports go on without it`);
      // Who waits may go on by the others.
      this.owner.hasRoom();
    });
  }

  private emptied(): void {
    this.stalling?.cancel();
    this.stalling = undefined;
    this.isFull = false;
    this.hasStalled = false;
  }

  private async attempt(): Promise<void> {
    try {
      await this.transport.start(this);
    } catch (error) {
      if (this.status === 'closed') return;
      const reason = error instanceof Error ? error.message : String(error);
      this.problem = reason;
      this.ports.log.warn(`${this.what} does not start: ${reason}; again in ${this.retryMs / 1000} s`);
      this.retry = this.ports.clock.afterIdle(this.retryMs, () => void this.attempt());
      this.retryMs = Math.min(2 * this.retryMs, TRANSPORT_RETRY_MAX_MS);
      return;
    }
    if (this.status !== 'starting') return;
    this.status = 'up';
    this.wantAll();
    this.owner.hasRoom();
    this.owner.isUp();
  }
}
