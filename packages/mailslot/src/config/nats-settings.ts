import type { KeyRing } from '../packet/key-ring.js';
import type { Ports } from '../ports/ports.js';
import type { Transport, TransportDrop } from '../transport/transport.js';

/** How a domain is carried over NATS. */
export interface NatsSettings {
  /** `nats://host:4222` or `tls://host:4222`, at least one; without user and password in it, which others would see. */
  readonly servers: readonly string[];
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  /** Path of a file with an nkey's seed. */
  readonly nkey?: string;
  /** Path of a `.creds` file. */
  readonly credentials?: string;
  /** Path of a PEM file with the authorities that are trusted beside those of the system. */
  readonly ca?: string;
  /** Paths of PEM files, for a server that asks for a certificate. */
  readonly cert?: string;
  readonly key?: string;
  /**
   * Default true: sealed with the domain's key, so that the server's operator reads nothing. False: in clear; then only
   * slots with `remote: 'anyone'` take what comes.
   */
  readonly seal?: boolean;
}

/** What the transport `nats` of one domain is made from. */
export interface NatsSetup {
  readonly domain: string;
  readonly computer: string;
  readonly keys: KeyRing;
  /** With the contents of the files in place of their paths. */
  readonly settings: NatsSettings;
}

/** Makes the transport `nats`: `natsTransport` of the package `@mailslot/nats`. */
export type NatsFactory = (setup: NatsSetup, ports: Ports) => NatsTransport;

/** The transport `nats`, which can say how it stands. */
export interface NatsTransport extends Transport {
  describe(): NatsState;
}

/** How the transport stands, for people. */
export interface NatsState {
  readonly servers: readonly string[];
  readonly state: 'connecting' | 'connected' | 'lost' | 'closed';
  /** `host:port` of the server that it is connected to. */
  readonly server: string | undefined;
  readonly serverVersion: string | undefined;
  readonly tls: boolean;
  readonly sealed: boolean;
  /** The id of the key that seals; sealed and without one, nothing is sent or subscribed to. */
  readonly keyInUse: string | undefined;
  /** The longest payload that the server takes, in bytes. */
  readonly maxPayload: number | undefined;
  /** The latest round trip to the server. */
  readonly rttMs: number | undefined;
  /** How often the connection was lost and found again. */
  readonly reconnects: number;
  /** Why it is not connected, or what else is wrong, for people. */
  readonly problem: string | undefined;
  /** The same for programs; `server`: something that only the server's log explains. */
  readonly problemCode:
    | 'settings'
    | 'name-unknown'
    | 'unreachable'
    | 'lost'
    | 'not-let-in'
    | 'tls'
    | 'max-connections'
    | 'max-subscriptions'
    | 'max-payload'
    | 'server'
    | undefined;
  /** What the server's permissions refused, as `publish ms.…`. */
  readonly refused: readonly string[];
  readonly subscriptions: number;
  readonly sent: {
    readonly packets: number;
    readonly bytes: number;
    readonly messages: number;
    /** Messages that were taken and not sent: no connection, no key, too long for the server, or refused by it. */
    readonly unsent: number;
    /** Messages that had left and were not confirmed by the server when the connection was lost. */
    readonly doubtful: number;
  };
  readonly received: {
    readonly packets: number;
    readonly bytes: number;
    readonly messages: number;
    readonly dropped: Readonly<Record<TransportDrop, number>>;
  };
  /** Bytes that wait to be sent. */
  readonly waiting: number;
}
