import type { ByteReader } from '../bytes/reader.js';
import type { ByteWriter } from '../bytes/writer.js';
import { ANNOUNCE_MAX_MS, ANNOUNCE_MIN_MS, MAX_OFFER_LENGTH, MAX_OFFERS } from '../limits.js';
import { bytesOfId, malformed, readId } from './header.js';

/**
 * What an instance says of itself; part of an announcement and of each entry of a roster.
 *
 *      0  4  interval until its next announcement, in ms
 *      4  4  for how long it has been running, in s
 *      8  8  machine
 *     16  1  number of offers
 *     17  …  offers: 1 length, then so many characters of a-z 0-9 . -
 */
export interface Facts {
  readonly intervalMs: number;
  readonly runningSeconds: number;
  /** The same for all instances of one machine, 16 hexadecimal digits. */
  readonly machine: string;
  /** Services that are meant to be known, as `messenger`. */
  readonly offers: readonly string[];
}

const OFFER = /^[a-z0-9][a-z0-9.-]*$/;
const FIXED = 17;
/** What most offer: one list for thousands. */
const NOTHING: readonly string[] = [];

export function isOffer(text: string): boolean {
  return text.length <= MAX_OFFER_LENGTH && OFFER.test(text);
}

export function sizeOfFacts({ offers }: Facts): number {
  return offers.reduce((sum, offer) => sum + 1 + offer.length, FIXED);
}

export function putFacts(writer: ByteWriter, facts: Facts): void {
  writer
    .u32(facts.intervalMs)
    .u32(Math.min(facts.runningSeconds, 0xffff_ffff))
    .slice(bytesOfId(facts.machine))
    .u8(facts.offers.length);
  for (const offer of facts.offers) writer.u8(offer.length).slice(Buffer.from(offer, 'latin1'));
}

/** @throws MailslotError `ERR_MAILSLOT_MALFORMED` */
export function readFacts(reader: ByteReader): Facts {
  const intervalMs = reader.u32();
  if (intervalMs < ANNOUNCE_MIN_MS || intervalMs > ANNOUNCE_MAX_MS) {
    throw malformed(`an interval of ${intervalMs} ms`);
  }
  const runningSeconds = reader.u32();
  const machine = readId(reader);
  const count = reader.u8();
  if (count > MAX_OFFERS) throw malformed(`${count} offers`);
  if (count === 0) return { intervalMs, runningSeconds, machine, offers: NOTHING };
  const offers: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const offer = String.fromCharCode(...reader.slice(reader.u8()));
    if (!isOffer(offer)) throw malformed('an offer that is no name of a service');
    offers.push(offer);
  }
  return { intervalMs, runningSeconds, machine, offers };
}
