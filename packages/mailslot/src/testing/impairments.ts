import { MailslotError } from '../errors.js';

/** What a simulated network does to datagrams. Shares are from 0 to 1, times milliseconds. */
export interface Impairments {
  /** Share of the copies that get lost on the way to one receiver. Default 0.01. */
  readonly loss: number;
  /** Share that comes twice to one receiver. Default 0.01. */
  readonly duplication: number;
  /** Share that is held back for up to {@link heldMs}, and overtaken meanwhile. Default 0.01. */
  readonly reordering: number;
  /** Default 20. */
  readonly heldMs: number;
  /** Each copy is on its way for a time between these two, by chance. Default 0.1. */
  readonly minDelayMs: number;
  /** Default 2. */
  readonly maxDelayMs: number;
  /** Share of the datagrams to one computer that reach all computers, as multicast does. Default 0.01. */
  readonly strays: number;
  /** What one computer sends in a second; what is more waits in its buffer. Default 100 MB. */
  readonly bytesPerSecond: number;
}

/** The default: a LAN on a bad day. A network that loses nothing hides defects. */
export const BAD_DAY: Impairments = {
  loss: 0.01,
  duplication: 0.01,
  reordering: 0.01,
  heldMs: 20,
  minDelayMs: 0.1,
  maxDelayMs: 2,
  strays: 0.01,
  bytesPerSecond: 100_000_000,
};

/** Nothing is lost, comes twice or goes astray; everything is on its way for a tenth of a millisecond. */
export const CALM: Impairments = {
  ...BAD_DAY,
  loss: 0,
  duplication: 0,
  reordering: 0,
  maxDelayMs: 0.1,
  strays: 0,
};

/** As they are, or a MailslotError: a misspelled or impossible value would make a test prove less than it says. */
export function checkedImpairments(impairments: Impairments): Impairments {
  for (const [name, value] of Object.entries(impairments)) {
    if (!(name in BAD_DAY)) throw invalid(name, `is none of ${Object.keys(BAD_DAY).join(', ')}`);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw invalid(name, `is ${value}: choose 0 or more`);
  }
  for (const share of ['loss', 'duplication', 'reordering', 'strays'] as const)
    if (impairments[share] > 1) throw invalid(share, `is ${impairments[share]}: choose a share from 0 to 1`);
  if (impairments.minDelayMs > impairments.maxDelayMs)
    throw invalid('minDelayMs', `is over maxDelayMs: choose at most ${impairments.maxDelayMs}`);
  if (impairments.bytesPerSecond === 0) throw invalid('bytesPerSecond', 'is 0: choose more');
  return impairments;
}

function invalid(name: string, problem: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `impairment ${name} ${problem}`);
}
