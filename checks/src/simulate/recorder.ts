import type { Datagram } from 'mailslot/testing';

const KEPT = 512;
/** Has no divisor in common with {@link KEPT}: every place is written over in its turn, neighbours not together. */
const STEP = 197;

interface Recorded {
  readonly domain: string;
  readonly datagram: Datagram;
}

/** Somebody who records what is on the network, to send it again. Remembers the last and some of the first. */
export class Recorder {
  private readonly kept: Recorded[] = [];
  private seen = 0;

  record(domain: string, datagram: Datagram): void {
    this.seen += 1;
    const room = this.kept.length < KEPT ? this.kept.length : (this.seen * STEP) % KEPT;
    this.kept[room] = { domain, datagram };
  }

  /** One of those of a domain, by a number. */
  any(domain: string, number: number): Datagram | undefined {
    return nth(
      this.kept.filter((each) => each.domain === domain),
      number,
    )?.datagram;
  }

  /** One that was for all computers of some other domain. */
  foreign(domain: string, number: number): Datagram | undefined {
    const isForeign = (each: Recorded): boolean =>
      each.domain !== domain && each.datagram.to.kind === 'domain';
    return nth(this.kept.filter(isForeign), number)?.datagram;
  }
}

function nth<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % Math.max(items.length, 1)];
}
