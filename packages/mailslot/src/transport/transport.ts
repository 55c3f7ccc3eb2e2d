import type { Scope } from '../name/scope.js';
import type { Addressee, Datagram } from './datagram.js';

/** Why a transport threw away what it received; one of its own words for each, counted by the redirector. */
export type TransportDrop =
  /** Not laid out as the transport's page says. */
  | 'malformed'
  /** Of another domain, or sealed with a key that this computer does not have. */
  | 'foreign'
  /** It bears our domain's mark, and its seal is false. */
  | 'forged'
  /** The very same bytes were received before. */
  | 'replay'
  /** More than the transport is willing to look at. */
  | 'flood'
  /** Longer than the transport carries. */
  | 'too-large';

/** What a transport can do; fixed from its making on. */
export interface Capabilities {
  /** Whether a datagram to a domain reaches all its computers. */
  readonly broadcast: boolean;
  /** How far what it sends goes. */
  readonly reach: Scope;
  /** The longest message, in bytes. */
  readonly maxMessageSize: number;
  /** Whether what it receives comes for certain from a member of the domain. */
  readonly authenticated: boolean;
}

/** Where a datagram came from, as far as the transport can tell. */
export interface Origin {
  /** To be shown and for nothing else: `10.99.0.11:51234`. */
  readonly address: string;
}

/** Who is told what a transport receives. None of these throws. */
export interface Receiver {
  /** The bytes may be kept; nobody writes to them again. */
  received(datagram: Datagram, origin: Origin): void;
  /**
   * Calls `receive`, in which what came in one piece is handed to {@link received}: dealing with many at once is
   * cheaper. A transport may do without it, and a receiver may not offer it.
   */
  together?(receive: () => void): void;
  dropped(reason: TransportDrop, count: number): void;
  /** After {@link Transport.send} returned false: there is room again. */
  hasRoom(): void;
  /**
   * For a transport that stands on a connection: that was lost, or is there again. In between nothing is to be sent. A
   * receiver may not care: then what is sent meanwhile is lost, and counted by the transport.
   */
  connected?(isConnected: boolean): void;
}

/**
 * A way between the computers of one domain. It knows nothing of slots on this computer, of rules, or of what was
 * delivered before.
 *
 * What it guarantees:
 * - A datagram is received whole and unaltered, or not at all.
 * - It may be lost, come twice, come late, and overtake others. A datagram to a domain may come back to its sender.
 * - A datagram to a computer reaches every instance that uses that computer's name, and may reach others, who
 *   see from its addressee that it is not for them.
 * - `received` is called with datagrams of its own domain only; if `authenticated`, only with those of members.
 * - Memory is bounded, whatever is sent or received.
 * - Before `start` and after `close` it neither sends nor listens.
 */
export interface Transport {
  /** As `lan`: what a message's sender shows as `via`. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Why nothing of what is sent now reaches anybody, and what to do: it has no key, or its server is gone. Undefined:
   * the transport knows of nothing, which is not to say that all is well.
   */
  readonly hindrance?: string | undefined;
  /** Begins; resolves when it can send and hears. May be called again after it has rejected, with a MailslotError. */
  start(receiver: Receiver): Promise<void>;
  /**
   * Hands a datagram to the network, or keeps it in its bounded buffer until the network takes it; `data` is
   * copied, or sent, before this returns. False: the buffer is full and the datagram was not taken;
   * {@link Receiver.hasRoom} follows. Throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE` over `maxMessageSize`.
   */
  send(datagram: Datagram): boolean;
  /**
   * How long a message to this addressee may be, where it is known that longer ones do not arrive there, though
   * `maxMessageSize` allows them; may change at any time, also with who the other end of its connection is. A transport
   * that does not carry 1,000 bytes has a {@link hindrance}. Default: `maxMessageSize`.
   */
  limitTo?(to: Addressee, slot: string): number;
  /** How long a message to this addressee may be that is known to arrive there. Default: `maxMessageSize`. */
  provenTo?(to: Addressee, slot: string): number;
  /**
   * Whether what is sent to this addressee has lately been shown to arrive, by its answers. A transport that asks nobody
   * does without it.
   */
  reaches?(to: Addressee): boolean;
  /** Which slots take messages here, by their paths; said again whenever that changes. Others need not be received. */
  want(slots: ReadonlySet<string>): void;
  /** Sends what is in its buffer, as long as that takes no more than a moment, and ends. At any time, also again. */
  close(): Promise<void>;
}
