import { MailslotError } from '../../errors.js';
import type { Alarm, Clock } from '../../ports/clock.js';
import { onAbort } from '../abort.js';

/** One read that waits for a message. */
interface PendingRead {
  /** Takes the message; throws when the read does not want it. */
  readonly accept: () => void;
  readonly fail: (error: unknown) => void;
  alarm: Alarm | undefined;
}

/** A read that waits, and how to end it. */
export interface CancelableRead<T> {
  readonly promise: Promise<T>;
  /** Rejects the promise, unless it is settled. */
  readonly cancel: (reason: unknown) => void;
}

/** The reads that wait, served in the order they came. */
export class PendingReads {
  private readonly reads = new Set<PendingRead>();
  private readonly clock: Clock;
  private readonly slotName: string;

  constructor(slotName: string, clock: Clock) {
    this.slotName = slotName;
    this.clock = clock;
  }

  get length(): number {
    return this.reads.size;
  }

  /**
   * Waits for a message. `take` is called, in the read's turn, when there is one; what it returns is the read's
   * result, and what it throws is its failure, with the message left for the next read.
   */
  wait<T>(take: () => T, timeoutMs: number, signal?: AbortSignal): Promise<T> {
    const { promise, cancel } = this.begin(take, timeoutMs);
    if (!signal) return promise;
    return promise.finally(onAbort(signal, () => cancel(signal.reason)));
  }

  /** As {@link wait}, for who can call it off without a signal. */
  begin<T>(take: () => T, timeoutMs: number): CancelableRead<T> {
    let cancel = (_reason: unknown): void => {};
    const promise = new Promise<T>((resolve, reject) => {
      if (timeoutMs <= 0) return reject(this.timedOut(timeoutMs));
      const read: PendingRead = { accept: () => resolve(take()), fail: reject, alarm: undefined };
      cancel = (reason) => this.giveUp(read, reason);
      this.reads.add(read);
      if (timeoutMs < Number.POSITIVE_INFINITY) {
        read.alarm = this.clock.afterIdle(timeoutMs, () => this.giveUp(read, this.timedOut(timeoutMs)));
      }
    });
    return { promise, cancel };
  }

  /** Lets reads take messages as long as `hasMessage` says that there are some. */
  serve(hasMessage: () => boolean): void {
    // A Set is a line from which anybody may leave at no cost, whoever stands before.
    for (const read of this.reads) {
      if (!hasMessage()) return;
      this.reads.delete(read);
      read.alarm?.cancel();
      try {
        read.accept();
      } catch (error) {
        // The read did not take the message, as into a buffer that is too small: the next one may.
        read.fail(error);
      }
    }
  }

  /** Fails all reads. */
  failAll(error: MailslotError): void {
    for (const read of this.reads) {
      this.reads.delete(read);
      read.alarm?.cancel();
      read.fail(error);
    }
  }

  private giveUp(read: PendingRead, reason: unknown): void {
    if (!this.reads.delete(read)) return;
    read.alarm?.cancel();
    read.fail(reason);
  }

  private timedOut(ms: number): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_TIMEOUT',
      `no message came to ${this.slotName} within ${Math.max(0, ms)} ms`,
    );
  }
}
