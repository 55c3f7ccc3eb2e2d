import { MailslotError } from '../../errors.js';
import { Fifo } from '../fifo.js';
import { queueFull } from './check.js';

/** Messages that somebody waits for: numbers `from` up to, not including, `to`. */
interface Claim {
  readonly from: number;
  readonly to: number;
  /** How many of them were refused. */
  refused: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps account of a client's messages by their number: which are on their way, taken, refused, and who waits. */
export class AckTracker {
  /** Messages handed to the outbox. */
  sent = 0;
  /** Messages the server has decided on. */
  decided = 0;
  /** Messages the server refused. */
  refused = 0;
  /** Refused messages that nobody waits for. */
  refusedPosts = 0;
  private readonly slotName: string;
  private refusedUpTo = 0;
  private readonly claims = new Fifo<Claim>();

  constructor(slotName: string) {
    this.slotName = slotName;
  }

  /** Messages that nobody waits for and of which nobody knows whether they were taken. */
  get undecidedPosts(): number {
    let claimed = 0;
    for (const claim of this.claims) claimed += claim.to - Math.max(claim.from, this.decided);
    return this.sent - this.decided - claimed;
  }

  /** Resolves when messages from number `from` on, up to the last one sent, are taken. */
  settled(from: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.claims.push({ from, to: this.sent, refused: 0, resolve, reject });
    });
  }

  /** The server refused some, none of them twice. */
  markRefused(first: number, count: number): void {
    if (first < this.refusedUpTo || first + count > this.sent) {
      throw new MailslotError('ERR_MAILSLOT_MALFORMED', 'the server refused messages that were not sent');
    }
    this.refusedUpTo = first + count;
    this.refused += count;
    this.refusedPosts += count;
    for (const claim of this.claims) {
      if (claim.from >= first + count) break;
      const refused = Math.max(0, Math.min(first + count, claim.to) - Math.max(first, claim.from));
      claim.refused += refused;
      this.refusedPosts -= refused;
    }
  }

  /** The server has decided on all messages before number `count`. */
  markDecided(count: number): void {
    if (count > this.sent)
      throw new MailslotError('ERR_MAILSLOT_MALFORMED', 'the server took more than was sent');
    this.decided = Math.max(this.decided, count);
    for (let claim = this.claims.peek(); claim && claim.to <= count; claim = this.claims.peek()) {
      this.claims.shift();
      if (claim.refused === 0) claim.resolve();
      else claim.reject(queueFull(this.slotName, claim.refused));
    }
  }

  /** Fails everybody who waits. */
  fail(error: MailslotError): void {
    for (let claim = this.claims.shift(); claim; claim = this.claims.shift()) claim.reject(error);
  }
}
