import { MailslotError } from '../errors.js';
import { DELIVERIES_AT_ONCE, DELIVERIES_TO_ONE, DELIVERY_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

type Attempt = (signal: AbortSignal) => Promise<unknown>;

/**
 * What a messenger writes to others of its own accord: receipts, answers, and what it passes on. Each has a time limit,
 * those to one slot go one after another, and no slot that does not answer costs more than one connection.
 */
export class Deliveries {
  private readonly clock: Clock;
  /** What waits for each slot that is being written to. */
  private readonly waiting = new Map<string, Attempt[]>();
  private readonly closing = new AbortController();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Attempts it as soon as those before it to that slot are done. What there is no room for is not attempted. */
  add(to: string, attempt: Attempt): void {
    if (this.closing.signal.aborted) return;
    const queue = this.waiting.get(to);
    if (queue !== undefined) {
      if (queue.length < DELIVERIES_TO_ONE) queue.push(attempt);
      return;
    }
    if (this.waiting.size >= DELIVERIES_AT_ONCE) return;
    const fresh = [attempt];
    this.waiting.set(to, fresh);
    void this.run(to, fresh);
  }

  close(): void {
    this.closing.abort();
  }

  private async run(to: string, queue: Attempt[]): Promise<void> {
    try {
      for (let attempt = queue.shift(); attempt; attempt = queue.shift()) {
        await inTime(attempt, DELIVERY_MS, this.clock, this.closing.signal);
      }
    } catch {
      // Whoever it was for is gone, or does not answer; then what waits for him would not be taken either.
    } finally {
      this.waiting.delete(to);
    }
  }
}

/** Rejects with `ERR_MAILSLOT_TIMEOUT` when it is not done in time, or with the signal's reason. */
export async function inTime<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  ms: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const late = new AbortController();
  const alarm = clock.afterIdle(ms, () => late.abort(tooLate(ms)));
  try {
    return await attempt(signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]));
  } finally {
    alarm.cancel();
  }
}

function tooLate(ms: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `the messenger that it is for has not taken it within ${ms / 1000} s: its process may be stopped or busy`,
  );
}
