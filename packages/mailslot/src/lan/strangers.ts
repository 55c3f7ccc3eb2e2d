import { MAX_STRANGERS } from '../limits.js';
import type { Clock } from '../ports/clock.js';
import type { TransportDrop } from '../transport/transport.js';

/** Who sent packets that were thrown away, for one reason: to be shown, since addresses can be made up. */
export interface Stranger {
  /** Without the port. */
  readonly address: string;
  readonly reason: TransportDrop;
  readonly packets: number;
  /** By our clock, in ms since 1970. */
  readonly lastHeard: number;
}

interface Entry extends Stranger {
  packets: number;
  lastHeard: number;
}

/** The latest strangers, no more than {@link MAX_STRANGERS}. */
export class Strangers {
  private readonly clock: Clock;
  /** Those that came first come first. */
  private readonly entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  heard(address: string, reason: TransportDrop): void {
    const name = `${reason} ${address}`;
    const known = this.entries.get(name);
    if (known !== undefined) {
      known.packets += 1;
      known.lastHeard = this.clock.now();
      return;
    }
    if (this.entries.size === MAX_STRANGERS) this.entries.delete(this.entries.keys().next().value as string);
    this.entries.set(name, { address, reason, packets: 1, lastHeard: this.clock.now() });
  }

  all(): readonly Stranger[] {
    return Array.from(this.entries.values(), (entry) => ({ ...entry }));
  }
}
