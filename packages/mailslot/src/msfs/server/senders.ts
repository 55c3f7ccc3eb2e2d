import { MAX_SENDERS } from '../../limits.js';
import type { Sender } from '../../name/sender.js';
import { decodeSender } from '../wire/sender.js';

/**
 * Who sent the messages that the redirector hands over: one object for all messages of a sender, however many take turns,
 * or a queue of empty messages would hold one for each.
 */
export class Senders {
  private known: Map<string, Sender> | undefined;

  /** Throws MailslotError `ERR_MAILSLOT_MALFORMED`. */
  of(encoded: Buffer): Sender {
    this.known ??= new Map();
    const key = encoded.toString('latin1');
    const known = this.known.get(key);
    if (known) return known;
    const sender = decodeSender(encoded);
    // Who still speaks is known again at once.
    if (this.known.size >= MAX_SENDERS) this.known.clear();
    this.known.set(key, sender);
    return sender;
  }
}
