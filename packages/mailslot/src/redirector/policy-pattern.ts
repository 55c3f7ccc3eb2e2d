import { parseName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Addressee } from '../transport/datagram.js';

/**
 * Whether a text, in upper case, is what a pattern, in upper case, describes: `*` stands for any characters, also
 * none, also `/`. Time is bounded by the product of the lengths, whatever the pattern.
 */
export function matches(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  // Where the last star was, and what it is assumed to stand for up to.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from;
      taken = at;
      from += 1;
    } else if (pattern[from] === text[at]) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      from = star + 1;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}

/**
 * What a rule's `to` describes.
 *
 *     app/events                   a slot, whoever the message is for; * stands for any characters
 *     \\*\mailslot\app\events      … in a message to a whole domain
 *     \\NAME\mailslot\app\events   … in a message to the computer or domain of that name; * as above
 */
export interface Target {
  /** `undefined`: whoever it is for. */
  readonly host: string | undefined;
  readonly slot: string;
}

/** @throws MailslotError `ERR_MAILSLOT_INVALID_NAME` */
export function parseTarget(text: string): Target {
  const { host, path } = parseName(text);
  return { host: host === undefined ? undefined : upperCase(host), slot: upperCase(path) };
}

/** `to` and `slot` in upper case. */
export function isTarget({ host, slot: pattern }: Target, to: Addressee, slot: string): boolean {
  const isMeant = host === undefined || (host === '*' ? to.kind === 'domain' : matches(host, to.name));
  return isMeant && matches(pattern, slot);
}
