import type { Alarm, Clock } from 'mailslot/transports';
import {
  NATS_ASK_MS,
  NATS_ASKS,
  NATS_QUICK_MS,
  NATS_SLOW_MS,
  NATS_WINDOW_MAX,
  NATS_WINDOW_MIN,
} from './limits.js';

/** What has left, so far. */
interface Mark {
  readonly bytes: number;
  readonly messages: number;
}

/** What a window works with. */
export interface WindowParts {
  readonly clock: Clock;
  /** Resolves to whether the server has all that left before. */
  readonly ask: () => Promise<boolean>;
  /** There may be room again. */
  readonly onConfirmed: () => void;
}

/**
 * How much may have left without the server's word that it has it.
 *
 * It grows as long as it is what holds packets back and the server's word comes quickly, and shrinks when that takes long:
 * on a slow line everything would else be too old when it arrives.
 */
export class Window {
  /** The latest round trip, from asking to the answer. */
  rttMs: number | undefined;
  private readonly parts: WindowParts;
  private size = NATS_WINDOW_MIN;
  private left: Mark = { bytes: 0, messages: 0 };
  private confirmed: Mark = this.left;
  private asked = 0;
  private wasFull = false;
  private later: Alarm | undefined;

  constructor(parts: WindowParts) {
    this.parts = parts;
  }

  get hasRoom(): boolean {
    return this.left.bytes - this.confirmed.bytes < this.size;
  }

  /** Messages that are not confirmed. */
  get open(): number {
    return this.left.messages - this.confirmed.messages;
  }

  add(bytes: number, messages: number): void {
    this.left = { bytes: this.left.bytes + bytes, messages: this.left.messages + messages };
    if (!this.hasRoom) this.wasFull = true;
    if (!this.hasRoom || this.left.bytes - this.asked >= this.size / NATS_ASKS) this.ask();
    else this.later ??= this.parts.clock.afterIdle(NATS_ASK_MS, () => this.ask());
  }

  /** Asks now. */
  ask(): void {
    this.later?.cancel();
    this.later = undefined;
    const { left } = this;
    this.asked = left.bytes;
    const before = this.parts.clock.monotonic();
    void this.parts.ask().then((isThere) => {
      if (isThere) this.confirm(left, this.parts.clock.monotonic() - before);
    });
  }

  /** The connection is gone. Returns how many messages are in doubt. */
  lose(): number {
    const { open } = this;
    this.later?.cancel();
    this.later = undefined;
    this.confirmed = this.left;
    this.size = NATS_WINDOW_MIN;
    return open;
  }

  private confirm(mark: Mark, tookMs: number): void {
    this.rttMs = tookMs;
    if (mark.bytes > this.confirmed.bytes) this.confirmed = mark;
    if (tookMs > NATS_SLOW_MS) this.size = Math.max(this.size / 2, NATS_WINDOW_MIN);
    else if (tookMs < NATS_QUICK_MS && this.wasFull) this.size = Math.min(this.size * 2, NATS_WINDOW_MAX);
    this.wasFull = false;
    this.parts.onConfirmed();
  }
}
