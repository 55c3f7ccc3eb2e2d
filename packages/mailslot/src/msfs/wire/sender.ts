import { MailslotError } from '../../errors.js';
import type { Sender } from '../../name/sender.js';

/*
 * Who sent the messages that follow, on a connection by which the redirector feeds a slot: the body of the frame
 * behind the word SENDER, as JSON.
 *
 *     {"via":"lan","authenticated":true,"computer":"ALPHA","domain":"OFFICE","address":"10.99.0.11:51234"}
 */

export function encodeSender({ via, authenticated, computer, domain, address }: Sender): Buffer {
  return Buffer.from(JSON.stringify({ via, authenticated, computer, domain, address }));
}

/** Throws MailslotError `ERR_MAILSLOT_MALFORMED`. */
export function decodeSender(bytes: Buffer): Sender {
  const { via, authenticated, computer, domain, address } = fieldsOf(bytes);
  if (typeof via !== 'string' || typeof authenticated !== 'boolean') throw malformed();
  if (typeof computer !== 'string' || typeof domain !== 'string') throw malformed();
  const known = typeof address === 'string' ? { address } : {};
  return Object.freeze({ via, authenticated, pid: 0, computer, domain, ...known });
}

function fieldsOf(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw malformed();
}

function malformed(): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    'the redirector did not say who sent what it hands over: update the older of the two programs',
  );
}
