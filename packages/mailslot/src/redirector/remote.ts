import type { Sender } from '../name/sender.js';

/** Who sent a message that came from another computer, or through a domain from this one. */
export interface RemoteSender extends Sender {
  /** The transport it came by, as `lan`; `loop` when it never left this redirector. */
  readonly via: string;
  readonly computer: string;
  readonly domain: string;
}

/** What a service of the redirector itself is told beside the message. */
export interface RemoteDetails {
  /** The sending instance; 16 hexadecimal digits. */
  readonly instance: string;
  /** When it was sent, by the sender's clock. */
  readonly stamp: number;
  /** Where it came from, to be shown: `10.99.0.11:51234`. */
  readonly address: string;
}

/**
 * Takes a message for a slot that is attached. False: there is no room, and the message is lost and counted.
 * The bytes may be kept; nobody writes to them again.
 */
export type Deliver = (data: Buffer, sender: RemoteSender, details: RemoteDetails) => boolean;

/** Why the redirector threw a message away, beside what transports threw away themselves. */
export type RedirectorDrop =
  /** No such slot here takes messages from other computers. */
  | 'no-slot'
  /** The slot's `remote` or the policy does not allow it. */
  | 'not-allowed'
  /** It came from further away than the slot, or its own sender, wants it to. */
  | 'scope'
  /** It bears the instance of another computer. */
  | 'forged'
  /** It was delivered before. */
  | 'duplicate'
  /** Its time stamp is more than 30 s off, or before our own start and nobody knows whether it was delivered. */
  | 'clock'
  /** It waited here for more than 30 s, while this process or the computer stood still. */
  | 'standstill'
  /** More than the policy allows of this sender. */
  | 'rate'
  /** Longer than the policy allows. */
  | 'too-large'
  /** The slot's process does not keep up. */
  | 'queue-full';
