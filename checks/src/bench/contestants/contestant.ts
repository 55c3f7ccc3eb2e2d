import type { OnMessage } from '../verifier.js';
import type { Library } from './library.js';

/** Where contestants meet. */
export interface Place {
  /** A temporary folder for sockets. */
  readonly folder: string;
  /** Brokers that run, and where. */
  readonly brokers: Readonly<Partial<Record<Broker, string>>>;
  /** On a LAN: by which interface, and which UDP port is free there. */
  readonly lan?: { readonly interface: string; readonly port: number };
}

/** Programs that a contestant needs beside its processes; the names of their Debian packages too. */
export type Broker = 'nats-server' | 'redis-server';

/** Another process of the same family: this one's parent, or a child. */
export interface Relative {
  send(message: unknown, sent: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** What a contestant has at hand in its process. */
export interface Context extends Place {
  /** The processes on the other side: a reader's are its writers, a writer's is its reader. */
  readonly relatives: readonly Relative[];
}

/** An end that writes. */
export interface Sender {
  /**
   * Sends a message in the way that is natural to the contestant; what must be waited for before the next one is
   * returned. A large body is written over when 63 others have been sent.
   */
  send(body: Buffer): Promise<unknown> | undefined;
  /** Lets go what is still being collected; the promise ends when it is on its way. */
  flush(): Promise<unknown> | undefined;
  close(): Promise<unknown>;
}

/** An end that reads. */
export interface Receiver {
  close(): Promise<unknown>;
}

/** How messages come from one process to another. */
export interface Ends {
  /** Opens the end that reads; each message is handed to `onMessage`. */
  receive(at: Context, slot: string, onMessage: OnMessage): Promise<Receiver>;
  /** Opens an end that writes to a slot that is there. */
  open(at: Context, slot: string): Promise<Sender>;
}

/** A way to bring messages from one process to another, and what is to be known of it beforehand. */
export interface Contestant {
  /** As in the tables. */
  readonly title: string;
  readonly broker?: Broker;
  /** What it is made of, where that is no part of the workspace. */
  readonly library?: Library;
  /** How the family of processes talks: needed by contestants that use that very way. */
  readonly serialization?: 'json' | 'advanced';
  /** Whether one send reaches every receiver of that name. */
  readonly reachesAll?: true;
  /** Loads it: a process must not pay for the modules of the others. */
  load(): Promise<Ends>;
}
