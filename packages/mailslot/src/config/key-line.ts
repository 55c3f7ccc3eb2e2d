import { createHash } from 'node:crypto';
import { MailslotError } from '../errors.js';
import { decodeSecret, encodeSecret } from './config-schema.js';
import { groupName } from './group-name.js';

/** A domain's key as one line to carry to another computer. */
export interface SharedKey {
  /** In upper case. */
  readonly domain: string;
  readonly secret: Uint8Array;
}

/**
 * `mailslot-key:1:OFFICE:<43 characters of base64url>:<8 hexadecimal digits>`; the last part is the beginning of the
 * SHA-256 of all before it, so that a line that lost a character on its way is noticed.
 */
export function formatKeyLine({ domain, secret }: SharedKey): string {
  const line = `mailslot-key:1:${domain}:${encodeSecret(secret)}`;
  return `${line}:${checkOf(line)}`;
}

/**
 * The inverse of {@link formatKeyLine}; blanks and line ends around it do not matter. No error shows the line.
 *
 * @throws MailslotError `ERR_MAILSLOT_MALFORMED`
 */
export function parseKeyLine(text: string): SharedKey {
  const line = text.trim();
  if (line === '') throw malformed('there is none');
  const [, version, body] = /^mailslot-key:(\d+):(.*)$/su.exec(line) ?? [];
  if (version === undefined || body === undefined) throw malformed('it does not begin with "mailslot-key:"');
  if (version !== '1') throw malformed(`it is of version ${version}, and this program knows 1: update it`);
  // The name of a domain may hold a colon, the rest cannot.
  const [, domain, encoded, check] = /^(.+):([\w-]{43}):([0-9a-f]{8})$/u.exec(body) ?? [];
  const secret = encoded === undefined ? undefined : decodeSecret(encoded);
  if (domain === undefined || secret === undefined) throw malformed('it is cut off, or more than one line');
  if (checkOf(`mailslot-key:1:${domain}:${encoded}`) !== check)
    throw malformed('a character of it was changed');
  return { domain: groupName('the domain', domain, malformed), secret };
}

function checkOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 8);
}

function malformed(reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_MALFORMED', `this is no key: ${reason}`, {
    remedy: `take the whole line that "mailslot key share" prints on the other computer`,
  });
}
