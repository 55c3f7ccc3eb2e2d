import { MailslotError } from '../errors.js';
import { MESSAGE_OVERHEAD } from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Datagram } from './datagram.js';
import { decorated } from './decorated.js';
import type { Receiver, Transport } from './transport.js';

/** How much is sent. */
export interface RateOptions {
  /** On average; a message is charged its length plus 64. */
  readonly bytesPerSecond: number;
  readonly clock: Clock;
}

/** How far a transport may be ahead of its rate: enough that an alarm late by some milliseconds does not slow it. */
const AHEAD_MS = 10;

/**
 * The same transport, but it sends no more than so many bytes a second. It has no buffer of its own: beyond the rate
 * `send` returns false, and `hasRoom` follows. Throws `ERR_MAILSLOT_INVALID_ARGUMENT`.
 */
export function limited(transport: Transport, options: RateOptions): Transport {
  if (!(options.bytesPerSecond > 0)) {
    const text = `bytesPerSecond is more than 0, not ${options.bytesPerSecond}`;
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', text);
  }
  const pace = new Pace(transport, options);
  return decorated(transport, {
    start: (receiver) => pace.start(receiver),
    send: (datagram) => pace.send(datagram),
    close: () => pace.close(),
  });
}

class Pace {
  private readonly transport: Transport;
  private readonly clock: Clock;
  private readonly bytesPerMs: number;
  private receiver: Receiver | undefined;
  private room: Alarm | undefined;
  /** When what was sent so far would have left at the rate, on the monotonic clock. */
  private paidUntil = Number.NEGATIVE_INFINITY;

  constructor(transport: Transport, { bytesPerSecond, clock }: RateOptions) {
    this.transport = transport;
    this.clock = clock;
    this.bytesPerMs = bytesPerSecond / 1_000;
  }

  start(receiver: Receiver): Promise<void> {
    this.receiver = receiver;
    return this.transport.start(receiver);
  }

  send(datagram: Datagram): boolean {
    const now = this.clock.monotonic();
    if (this.paidUntil > now + AHEAD_MS) {
      this.room ??= this.clock.afterIdle(this.paidUntil - now, () => {
        this.room = undefined;
        this.receiver?.hasRoom();
      });
      return false;
    }
    if (!this.transport.send(datagram)) return false;
    this.paidUntil =
      Math.max(this.paidUntil, now) + (datagram.data.length + MESSAGE_OVERHEAD) / this.bytesPerMs;
    return true;
  }

  close(): Promise<void> {
    this.room?.cancel();
    this.receiver = undefined;
    return this.transport.close();
  }
}
