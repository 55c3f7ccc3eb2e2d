import { MailslotError } from '../../errors.js';
import type { Alarm, Clock } from '../../ports/clock.js';
import { Fifo } from '../fifo.js';

/** One read that waits for a message. */
interface PendingRead {
  /** Hands the message over; false when the read does not take it, which then stays for the next one. */
  readonly accept: () => boolean;
  readonly fail: (error: unknown) => void;
  alarm: Alarm | undefined;
  stopListening: (() => void) | undefined;
}

/** How long a read waits, and what may end it sooner. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The reads that wait, served in the order they came. */
export class PendingReads {
  private readonly reads = new Fifo<PendingRead>();
  private readonly clock: Clock;
  private readonly slotName: string;

  constructor(slotName: string, clock: Clock) {
    this.slotName = slotName;
    this.clock = clock;
  }

  get length(): number {
    return this.reads.length;
  }

  /**
   * Waits for a message. `take` is called, in the read's turn, when there is one; what it returns is the read's
   * result, and what it throws is its failure, with the message left for the next read.
   */
  wait<T>(take: () => T, { timeoutMs, signal }: Patience): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (timeoutMs <= 0) return Promise.reject(this.timedOut(timeoutMs));
    return new Promise<T>((resolve, reject) => {
      const read: PendingRead = {
        accept: () => {
          try {
            resolve(take());
            return true;
          } catch (error) {
            reject(error);
            return false;
          }
        },
        fail: reject,
        alarm: undefined,
        stopListening: undefined,
      };
      this.reads.push(read);
      if (timeoutMs < Number.POSITIVE_INFINITY) {
        read.alarm = this.clock.afterIdle(timeoutMs, () => this.giveUp(read, this.timedOut(timeoutMs)));
      }
      if (signal) {
        const abort = (): void => this.giveUp(read, signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        read.stopListening = () => signal.removeEventListener('abort', abort);
      }
    });
  }

  /** Lets reads take messages as long as `hasMessage` says that there are some. */
  serve(hasMessage: () => boolean): void {
    while (this.reads.length > 0 && hasMessage()) {
      const read = this.reads.shift() as PendingRead;
      settle(read);
      read.accept();
    }
  }

  /** Fails all reads. */
  failAll(error: MailslotError): void {
    for (let read = this.reads.shift(); read; read = this.reads.shift()) {
      settle(read);
      read.fail(error);
    }
  }

  private giveUp(read: PendingRead, reason: unknown): void {
    this.reads.remove(read);
    settle(read);
    read.fail(reason);
  }

  private timedOut(ms: number): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_TIMEOUT',
      `no message came to ${this.slotName} within ${Math.max(0, ms)} ms`,
    );
  }
}

function settle(read: PendingRead): void {
  read.alarm?.cancel();
  read.stopListening?.();
}
