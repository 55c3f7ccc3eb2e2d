import type { Datagram } from 'mailslot/testing';

/** Somebody who records what is on the network, to send it again. Remembers the last and some of the first. */
export class Recorder {
  private readonly kept: { readonly domain: string; readonly datagram: Datagram }[] = [];
  private seen = 0;

  record(domain: string, datagram: Datagram): void {
    this.seen += 1;
    const room = this.kept.length < KEPT ? this.kept.length : (this.seen * STEP) % KEPT;
    this.kept[room] = { domain, datagram };
  }

  /** One of those of a domain, by a number. */
  any(domain: string, number: number): Datagram | undefined {
    const found = this.kept.filter((each) => each.domain === domain);
    return found[number % Math.max(found.length, 1)]?.datagram;
  }
}

const KEPT = 512;
/** Has no divisor in common with {@link KEPT}: every place is written over in its turn, neighbours not together. */
const STEP = 197;
