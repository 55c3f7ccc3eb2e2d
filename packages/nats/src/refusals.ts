import type { Clock } from 'mailslot/transports';
import { MAX_REFUSED, NATS_REFUSED_MS } from './limits.js';

export type Operation = 'publish' | 'subscription';

/** What the server's permissions refused. It is tried again only after a while, for the server logs each attempt. */
export class Refusals {
  private readonly clock: Clock;
  /** The oldest first, with the time from which on it is tried again. */
  private readonly until = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  has(operation: Operation, subject: string): boolean {
    // Asked for each packet, and mostly nothing was refused.
    return this.until.size > 0 && this.until.has(nameOf(operation, subject));
  }

  /** As `publish ms.…`. */
  get all(): readonly string[] {
    return [...this.until.keys()];
  }

  add(operation: Operation, subject: string): void {
    const name = nameOf(operation, subject);
    this.until.delete(name);
    this.until.set(name, this.clock.monotonic() + NATS_REFUSED_MS);
    if (this.until.size > MAX_REFUSED) this.until.delete(this.until.keys().next().value as string);
  }

  /** Forgets what may be tried again. */
  look(): void {
    const now = this.clock.monotonic();
    for (const [name, until] of this.until) if (until <= now) this.until.delete(name);
  }

  /** Another server, or the same one with another configuration. */
  clear(): void {
    this.until.clear();
  }
}

function nameOf(operation: Operation, subject: string): string {
  return `${operation} ${subject}`;
}
