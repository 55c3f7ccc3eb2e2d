import type { ReceivedCounts } from './inbox.js';
import type { SentCounts } from './outbox.js';
import type { SocketsState } from './sockets.js';
import type { Stranger } from './strangers.js';

/** How the transport stands, for people. */
export interface LanState extends SocketsState {
  readonly domain: string;
  readonly port: number;
  /** The id of the key that seals. Undefined: nothing is sent, nor listened to. */
  readonly keyInUse: string | undefined;
  /** The ids of all keys that open. */
  readonly keys: readonly string[];
  readonly peers: readonly {
    readonly computer: string;
    readonly instance: string;
    readonly address: string;
    /** How long ago it was heard, in ms. */
    readonly silentFor: number;
    /** Where what is for it alone goes. Undefined: by the group, for no address of it is known to be good. */
    readonly reachedAt: string | undefined;
    /** Whether it ever told what packets it gets: older versions do not. */
    readonly hasAnswered: boolean;
    /** The longest packet to the group that it has shown to get; 0: none yet. */
    readonly packetBytes: number;
    /** From this length on, packets to the group are known not to reach it. Undefined: it gets all that were tried. */
    readonly lostFrom: number | undefined;
    /** Its addresses where long packets are known to be lost that are sent to it alone. */
    readonly losing: readonly {
      readonly address: string;
      readonly packetBytes: number;
      readonly lostFrom: number;
    }[];
    /** Messages to all that went though they are known not to reach it. */
    readonly tooLong: number;
  }[];
  /** Who sent what was thrown away; `foreign`: another domain, or another key of ours. */
  readonly strangers: readonly Stranger[];
  readonly sent: SentCounts;
  readonly received: ReceivedCounts;
  /** Bytes that wait to be sent. */
  readonly waiting: number;
  /** Sessions of others whose keys and windows are remembered. */
  readonly sessions: number;
}
