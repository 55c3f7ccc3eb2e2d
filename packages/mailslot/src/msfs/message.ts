import type { Sender } from '../name/sender.js';

/**
 * One message: the bytes of one write.
 *
 * Its bytes are shared with those of its neighbours (up to 256 KiB together) and never written again, so a message
 * may be kept as long as one likes; who keeps a few small ones of many should copy them with `Buffer.from(data)`.
 */
export class Message {
  /** Its bytes, without a copy. */
  readonly data: Buffer;
  /** Where it came from. */
  readonly sender: Sender;

  /** Not for users: messages come out of slots. */
  constructor(data: Buffer, sender: Sender) {
    this.data = data;
    this.sender = sender;
  }

  /** Its length in bytes; 0 is a message too. */
  get size(): number {
    return this.data.length;
  }

  /** Its bytes as UTF-8; what is not becomes U+FFFD. */
  text(): string {
    return this.data.toString();
  }

  /** Its text parsed as JSON. Throws SyntaxError as `JSON.parse` does. */
  json(): unknown {
    return JSON.parse(this.text());
  }
}
