import type { Transport } from '../../transport/transport.js';

/** Where the transports of one case meet, and nobody else's. */
export interface Medium {
  /** A new transport of a computer in a domain; the case starts and closes it. */
  transport(domain: string, computer: string): Transport;
  /** Resolves when what was sent before has arrived or, as a rule, never will. Lets a virtual clock go on. */
  settle(): Promise<void>;
  /**
   * How often a case sends a datagram before its not arriving is a failure. Default 20, which any network stands;
   * 1 says that this medium loses nothing.
   */
  readonly attempts?: number;
  /** Called after the case has closed its transports. */
  close?(): Promise<void>;
}
