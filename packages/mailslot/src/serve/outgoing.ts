import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { OUTGOING_QUEUE } from '../limits.js';
import { serveByEvents } from '../msfs/server/accept.js';
import { Inbox } from '../msfs/server/inbox.js';
import { viewOf } from '../msfs/server/view.js';
import type { SlotInfo } from '../msfs/slot-info.js';
import { encodeGreeting } from '../msfs/wire/greeting.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import type { Log } from '../ports/log.js';
import type { Ports } from '../ports/ports.js';
import type { Destination, Redirector } from '../redirector/redirector.js';

/**
 * What one client writes to a name elsewhere: to the client a slot like any other, with a bounded queue whose writer
 * waits when it is full; here the messages go on to the transports as fast as these take them.
 */
export class Outgoing {
  private readonly inbox: Inbox;
  private readonly redirector: Redirector;
  private readonly destination: Destination;
  private readonly stopListening: () => void;
  /** The message that found no room in the transports. */
  private held: Buffer | undefined;
  private hasEnded = false;
  private readonly log: Log;

  constructor(redirector: Redirector, name: SlotName, destination: Destination, ports: Ports) {
    this.redirector = redirector;
    this.destination = destination;
    this.log = ports.log;
    this.inbox = new Inbox({
      name: formatName(name),
      messageLimit: destination.messageLimit,
      queueBytes: OUTGOING_QUEUE,
      whenFull: 'block',
      info: () => this.info(ports.clock.now()),
      onArrival: () => this.forward(),
      ports,
    });
    // Transports copy what they do not send at once.
    this.inbox.pool.lends = true;
    this.stopListening = redirector.onRoom(() => this.forward());
  }

  /** Serves the client on this connection. */
  serve(socket: Socket): void {
    const { name, messageLimit } = this.inbox;
    socket.once('close', () => {
      this.hasEnded = true;
      this.forward();
    });
    serveByEvents(
      socket,
      this.inbox,
      encodeGreeting({ maxMessageSize: messageLimit, messageLimit, pid: process.pid, name }),
    );
  }

  private forward(): void {
    if (this.held !== undefined) {
      if (!this.isSent(this.held)) return;
      this.held = undefined;
    }
    while (this.held === undefined && this.inbox.queue.count > 0) {
      this.inbox.deliverBytes((bytes, start, end) => {
        const data = viewOf(bytes.buffer, bytes.byteOffset + start, end - start);
        if (!this.isSent(data)) this.held = Buffer.from(data);
      });
    }
    if (this.hasEnded && this.held === undefined) this.stopListening();
  }

  /** False: it has to wait. What can never be sent is lost, and must not end the redirector of everybody else. */
  private isSent(data: Buffer): boolean {
    try {
      return this.redirector.send(this.destination, data);
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      this.log.warn(`a message to ${this.inbox.name} was lost: ${error.message}`);
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
