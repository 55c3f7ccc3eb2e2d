import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { OUTGOING_QUEUE, OUTGOING_QUEUE_LEAST, OUTGOING_QUEUES } from '../limits.js';
import { serveByEvents } from '../msfs/server/accept.js';
import { Inbox } from '../msfs/server/inbox.js';
import { viewOf } from '../msfs/server/view.js';
import type { SlotInfo } from '../msfs/slot-info.js';
import { encodeFault } from '../msfs/wire/frames.js';
import { encodeGreeting } from '../msfs/wire/greeting.js';
import { encodeLine } from '../msfs/wire/preface.js';
import type { Scope } from '../name/scope.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import type { Destination, Redirector } from '../redirector/redirector.js';
import { NetworkWait, type Presence } from './network-wait.js';
import { partFrom } from './part.js';

/** What a client opened, and how far its messages go at most. */
export interface Opened {
  readonly name: SlotName;
  readonly scope: Scope;
}

/** Who is told of a client. */
interface Watcher {
  readonly wrote: () => void;
  /** The network has all that it wrote so far. */
  readonly emptied: () => void;
  /** Also gone, and nothing of it is left to do. */
  readonly ended: () => void;
}

/** The bytes that one more client's queue may hold beside those of so many others. */
export function shareOf(others: number): number {
  const share = Math.floor(OUTGOING_QUEUES / (others + 1));
  return Math.min(OUTGOING_QUEUE, Math.max(OUTGOING_QUEUE_LEAST, share));
}

/**
 * What one client writes to a name elsewhere: to the client a slot like any other, with a bounded queue whose writer
 * waits when it is full; here the messages go on to the transports as fast as these take them. While none of these reaches
 * anybody nothing is taken, for what is taken is said to be sent; after a while the client is told why.
 */
export class Outgoing {
  private readonly inbox: Inbox;
  private readonly opened: Opened;
  private readonly ports: Ports;
  private redirector: Redirector;
  private destination: Destination;
  private stopListening: () => void;
  private socket: Socket | undefined;
  private watcher: Watcher | undefined;
  /** The message that found no room in the transports. */
  private held: Buffer | undefined;
  /** Why a message that was taken can never be sent. */
  private refused: MailslotError | undefined;
  private hasEnded = false;
  private readonly wait: NetworkWait;
  /** Room that is kept from the client while it has to wait for the network. */
  private withheld = 0;

  /** @throws MailslotError as `Redirector.destinationOf` */
  constructor(redirector: Redirector, opened: Opened, queueBytes: number, ports: Ports, presence?: Presence) {
    this.opened = opened;
    this.ports = ports;
    this.redirector = redirector;
    this.destination = redirector.destinationOf(opened.name, opened.scope);
    this.inbox = new Inbox({
      name: formatName(opened.name),
      messageLimit: this.destination.messageLimit,
      queueBytes,
      whenFull: 'block',
      info: () => this.info(ports.clock.now()),
      onArrival: () => this.forward(),
      ports,
    });
    // Transports copy what they do not send at once.
    this.inbox.pool.lends = true;
    this.stopListening = redirector.onRoom(() => this.forward());
    this.wait = new NetworkWait(ports.clock, {
      began: () => this.withhold(),
      ended: () => this.goOn(),
      gaveUp: (why) => this.cut(why),
    });
    this.wait.follow(redirector, this.destination, presence);
  }

  get isEmpty(): boolean {
    return this.held === undefined && this.inbox.queue.count === 0;
  }

  /** Agrees, and serves the client on this connection. */
  serve(socket: Socket, watcher: Watcher): void {
    this.socket = socket;
    this.watcher = watcher;
    const { name, messageLimit } = this.inbox;
    socket.write(encodeLine({ ok: true }));
    socket.once('close', () => {
      this.hasEnded = true;
      this.forward();
    });
    serveByEvents(
      socket,
      this.inbox,
      encodeGreeting({ maxMessageSize: messageLimit, messageLimit, pid: process.pid, name }),
    );
    socket.on('data', () => {
      if (this.inbox.counters.received > 0) watcher.wrote();
    });
  }

  /** Another redirector has taken the place of ours: what waits goes by that one, unless it leads elsewhere now. */
  goOnWith(redirector: Redirector, presence?: Presence): void {
    this.stopListening();
    try {
      const destination = redirector.destinationOf(this.opened.name, this.opened.scope);
      if (destination.messageLimit < this.inbox.messageLimit) throw shorterNow(destination);
      this.redirector = redirector;
      this.destination = destination;
    } catch (error) {
      this.cut(error);
      return;
    }
    this.stopListening = redirector.onRoom(() => this.forward());
    this.wait.follow(redirector, this.destination, presence);
    this.forward();
  }

  /** Ends the connection and says why; what waited is lost, and told. */
  cut(error: unknown): void {
    const reason =
      error instanceof MailslotError ? error : new MailslotError('ERR_MAILSLOT_IO', String(error));
    this.wait.stop();
    this.noteLost(reason.message);
    this.held = undefined;
    while (this.inbox.queue.count > 0) this.inbox.deliverBytes(() => {});
    if (this.socket) partFrom(this.socket, encodeFault(reason), this.ports.clock);
    this.forward();
  }

  /** What the client sends from now on stays with it. */
  stopReading(): void {
    this.socket?.removeAllListeners('data');
    this.socket?.pause();
  }

  /** Says how many messages it still has, if it has any. */
  noteLost(reason: string): void {
    const lost = this.inbox.queue.count + (this.held === undefined ? 0 : 1);
    if (lost > 0) this.ports.log.warn(`${lost} messages to ${this.inbox.name} were lost: ${reason}`);
  }

  private withhold(): void {
    const { queue } = this.inbox;
    this.withheld = queue.capacity - queue.used;
    queue.reserve(this.withheld);
  }

  private goOn(): void {
    this.inbox.queue.release(this.withheld);
    this.withheld = 0;
    this.inbox.wakeLater();
    this.forward();
  }

  private forward(): void {
    if (this.wait.isWaiting && !this.isEmpty) return;
    if (this.held !== undefined) {
      if (!this.isSent(this.held)) return;
      this.held = undefined;
    }
    while (this.held === undefined && this.refused === undefined && this.inbox.queue.count > 0) {
      this.inbox.deliverBytes((bytes, start, end) => {
        const data = viewOf(bytes.buffer, bytes.byteOffset + start, end - start);
        if (!this.isSent(data)) this.held = Buffer.from(data);
      });
    }
    const { refused } = this;
    this.refused = undefined;
    if (refused !== undefined) this.cut(refused);
    if (refused !== undefined || this.held !== undefined) return;
    this.watcher?.emptied();
    if (!this.hasEnded) return;
    this.wait.stop();
    this.stopListening();
    this.watcher?.ended();
  }

  /**
   * False: it has to wait. What can never be sent, though it could when the name was opened, is lost: whoever wrote it is
   * told, and cut off.
   */
  private isSent(data: Buffer): boolean {
    try {
      return this.redirector.send(this.destination, data);
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      this.ports.log.warn(`a message to ${this.inbox.name} was lost: ${error.message}`);
      this.refused = error;
      return true;
    }
  }

  private info(createdAt: number): SlotInfo {
    const { counters, queue, name, messageLimit } = this.inbox;
    return {
      name,
      pid: process.pid,
      owner: undefined,
      access: 'everyone',
      maxMessageSize: messageLimit,
      messageLimit,
      nextMessageSize: queue.nextSize,
      messageCount: queue.count,
      readTimeout: 0,
      queueBytes: queue.capacity,
      queueUsed: queue.used,
      whenFull: 'block',
      writers: 1,
      createdAt,
      received: counters.received,
      delivered: counters.delivered,
      dropped: 0,
      rejected: 0,
    };
  }
}

function shorterNow({ messageLimit }: Destination): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_CLOSED',
    `since a change of the configuration a message may have ${messageLimit} bytes: open the name again`,
  );
}
