import type { Connection, Listening } from './connection.js';
import type { Refusals } from './refusals.js';
import { subjectsOf } from './subjects.js';

/** What an interest works with. */
export interface SubscriptionsParts {
  readonly domain: string;
  readonly computer: string;
  readonly refusals: Refusals;
  readonly take: (bytes: Uint8Array, subject: string) => void;
}

/** The subscriptions for the slots that are wanted here. */
export class Subscriptions {
  private readonly parts: SubscriptionsParts;
  private wanted: ReadonlySet<string> = new Set();
  private readonly open = new Map<string, Listening>();

  constructor(parts: SubscriptionsParts) {
    this.parts = parts;
  }

  get count(): number {
    return this.open.size;
  }

  want(slots: ReadonlySet<string>): void {
    const { heard } = subjectsOf(this.parts.domain, this.parts.computer);
    this.wanted = new Set(Array.from(slots, heard).flat());
  }

  /** Makes the subscriptions what they should be: those for what is wanted, or without a connection to use none. */
  follow(connection: Connection | undefined, isListening: boolean): void {
    const wanted = isListening ? this.wanted : new Set<string>();
    for (const [subject, listening] of this.open) {
      if (wanted.has(subject)) continue;
      this.open.delete(subject);
      listening.stop();
    }
    if (connection === undefined) return;
    for (const subject of wanted) {
      if (this.open.has(subject) || this.parts.refusals.has('subscription', subject)) continue;
      this.open.set(subject, connection.listen(subject, this.parts.take));
    }
  }

  /** The server has ended this subscription. */
  refused(subject: string): void {
    this.open.delete(subject);
  }
}
