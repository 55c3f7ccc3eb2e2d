import { MailslotError } from '../errors.js';
import type { Scope } from '../name/scope.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Addressee } from '../transport/datagram.js';
import type { Domain } from './domain.js';

/** Where a name leads. */
export interface Destination {
  readonly domain: string;
  readonly to: Addressee;
  readonly slot: string;
  /** How far a message goes at most. */
  readonly scope: Scope;
  /** The longest message, in bytes: what all transports of the domain carry, and the policy allows. */
  readonly messageLimit: number;
}

/** Whom a name with a computer means, and in which of our domains. */
export interface Lead {
  readonly domain: Domain;
  readonly to: Addressee;
}

/**
 * @param domains the primary one first
 * @param now by the clock that never jumps
 * @throws MailslotError `ERR_MAILSLOT_REMOTE_DISABLED` without a domain, `ERR_MAILSLOT_INVALID_ARGUMENT` for a name
 *   without a computer
 */
export function leadOf(name: SlotName, domains: readonly Domain[], now: number): Lead {
  const { host } = name;
  if (host === undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      `${name.path} is a slot of this computer, which needs no redirector`,
    );
  }
  const [primary] = domains;
  if (primary === undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_REMOTE_DISABLED',
      `${formatName(name)} is on other computers, and this one is in no domain`,
      { remedy: 'make one with "mailslot key new OFFICE", or join one with "mailslot key install"' },
    );
  }
  const key = upperCase(host);
  const domain = host === '*' ? primary : domains.find((each) => each.key === key);
  if (domain) return { domain, to: { kind: 'domain', name: domain.name } };
  const to = { kind: 'computer', name: host } as const;
  if (domains.length === 1) return { domain: primary, to };
  return { domain: domains.find((each) => each.knows(key, now)) ?? primary, to };
}

export function tooLarge({ to, slot, messageLimit }: Destination, size: number): MailslotError {
  const name = `//${to.name}/mailslot/${slot}`;
  return new MailslotError(
    'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    `a message of ${size} bytes is longer than ${name} takes (${messageLimit})`,
    { size, limit: messageLimit, remedy: 'send it in parts' },
  );
}
