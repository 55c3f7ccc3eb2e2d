import type { Scope } from '../name/scope.js';

/** Whom a message is for: one computer, or every computer of a domain. */
export type Addressee =
  | { readonly kind: 'computer'; readonly name: string }
  | { readonly kind: 'domain'; readonly name: string };

/**
 * What makes a message the same message, whatever interfaces, transports and gateways carried it.
 * No two messages of any sender have the same instance and counter.
 */
export interface Identity {
  /** The sending redirector, from one of its starts to the next: 16 hexadecimal digits, by chance. */
  readonly instance: string;
  /** Which of its messages: 1, 2, … */
  readonly counter: number;
  /** When it was sent: milliseconds since 1970 by the sender's clock. */
  readonly stamp: number;
}

/** What a transport carries: one message with destination, slot, sender. */
export interface Datagram {
  readonly identity: Identity;
  /** The sending computer, as it spells its name. */
  readonly from: string;
  readonly to: Addressee;
  /** Which message of this instance to this addressee and slot: 1, 2, … What is missing in between got lost on the way. */
  readonly sequence: number;
  /** The slot's path, as `app/events`. */
  readonly slot: string;
  /** How far it may go at most. */
  readonly scope: Scope;
  readonly data: Uint8Array;
}
