import { MailslotError } from '../errors.js';
import { parseName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Refuse } from './json-fields.js';

/**
 * The name of a computer or a domain in the one spelling that is used everywhere, in upper case.
 *
 * Refused is what could not stand in `//NAME/mailslot/x`, what means something else there (`*`, `.`), and what cannot be
 * seen.
 */
export function groupName(what: string, name: string, refuse: Refuse): string {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) || name.trim() !== name) {
    throw refuse(`${what} has characters that cannot be seen`);
  }
  if (hostOf(name) !== name || name === '*') {
    throw refuse(
      `${what} ${JSON.stringify(name)} is no name: it has up to 255 characters, none of them / or \\`,
    );
  }
  return upperCase(name);
}

/** A computer's name as it is used everywhere, in upper case. Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`. */
export function computerName(name: string): string {
  return groupName("the computer's name", name, cannot);
}

/** A domain's name as it is used everywhere, in upper case. Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`. */
export function domainName(name: string): string {
  return groupName("the domain's name", name, cannot);
}

function cannot(reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', reason);
}

function hostOf(name: string): string | undefined {
  try {
    return parseName(`//${name}/mailslot/x`).host;
  } catch (error) {
    if (error instanceof MailslotError) return undefined;
    throw error;
  }
}
