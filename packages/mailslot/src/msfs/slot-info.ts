import type { Access } from './namespace/name-space.js';

/** What a full queue does with one more message. */
export type WhenFull = 'block' | 'reject' | 'drop-newest' | 'drop-oldest';

/** How a slot stands, as anybody who may write to it can ask. Sizes are bytes, times milliseconds. */
export interface SlotInfo {
  /** The name as its server spelled it. */
  readonly name: string;
  /** Process id of the server end, as it says itself: nobody has checked it. */
  readonly pid: number;
  /** User id of whom the slot is, as the system says; `undefined` where it cannot, as on Windows. */
  readonly owner: number | undefined;
  readonly access: Access;
  /** As given at creation; 0: no limit of the slot's own. */
  readonly maxMessageSize: number;
  /** The longest message that is taken. */
  readonly messageLimit: number;
  /** Length of the message that is read next; `undefined` when none waits. */
  readonly nextMessageSize: number | undefined;
  /** Messages that wait. */
  readonly messageCount: number;
  /** `Infinity`: reads wait forever. */
  readonly readTimeout: number;
  /** What the queue may hold; each message is charged its length plus 64. */
  readonly queueBytes: number;
  /** What it holds now. */
  readonly queueUsed: number;
  readonly whenFull: WhenFull;
  /** Connections of writers. */
  readonly writers: number;
  /** When it was created, since 1970. */
  readonly createdAt: number;
  /** Messages taken from writers so far. */
  readonly received: number;
  /** Messages read so far. */
  readonly delivered: number;
  /** Messages taken and lost by the rule for a full queue. */
  readonly dropped: number;
  /** Messages refused by the rule `reject`. */
  readonly rejected: number;
}
