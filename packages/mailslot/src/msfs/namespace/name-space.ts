import type { Server } from 'node:net';
import type { SlotName } from '../../name/slot-name.js';

/** Who may write to a slot: its owner's processes, those of its owner's group, or everybody on the computer. */
export type Access = 'owner' | 'group' | 'everyone';

/** A name that was claimed: its place in the name space, to be kept and given back. */
export interface Place {
  /** Whether clients can still find the slot here; also keeps the place from looking abandoned. */
  check(): boolean;
  /** Gives the name back. Removes nothing that belongs to anybody else. */
  release(): void;
}

/** What the system, which nobody can talk into anything, says of the place of a slot. */
export interface Sighting {
  /** Whose it is; `undefined` where the system cannot tell. */
  readonly owner: number | undefined;
  /** Alike only as long as the same thing is there. */
  readonly identity: string;
}

/** Where a slot may be, and whose it is; looked into only when it is its turn, since strangers may have made many. */
export interface ListedPlace extends Pick<Sighting, 'owner'> {
  /** The path to connect to, or `undefined` when there is no slot. Throws `ERR_MAILSLOT_ACCESS_DENIED`. */
  find(): string | undefined;
}

/** Where the slots of one root are. */
export interface SlotFinder {
  readonly root: string;
  /** The path to connect to, or `undefined` when there is no such slot. */
  locate(name: SlotName): string | undefined;
  /** All places of slots; some may be abandoned. */
  list(): ListedPlace[];
  /** What is at `path` now; `undefined`: no place of a slot. */
  lookAt(path: string): Sighting | undefined;
  /** What is in the place of that name now, also where only its owner may enter; `undefined`: no slot. */
  lookFor(name: SlotName): Sighting | undefined;
  /** Whether `path` is where the slot of that name is. */
  isPlaceOf(name: SlotName, path: string): boolean;
  /** Leaves a number, of seconds, where only the owner of the slot of that name can. */
  mark(name: SlotName, seconds: number): void;
  /** The number that is there, `undefined` where none can be left. Throws `ERR_MAILSLOT_NOT_FOUND` without a slot. */
  markOf(name: SlotName): number | undefined;
  /** Calls back whenever slots may have come; returns how to stop. */
  watch(callback: () => void): () => void;
}

/** And who gets which name. With the finder the only part that knows the platform. */
export interface NameSpace extends SlotFinder {
  /**
   * Lets `server` listen under `name`, for nobody but whom `access` admits. Exclusive: of any number of
   * processes that race for a name one gets it, the others ERR_MAILSLOT_ALREADY_EXISTS.
   */
  claim(name: SlotName, access: Access, server: Server): Promise<Place>;
  /** As `claim`, and moves out of the way what another user has put there; only the root's owner can. */
  takeBack(name: SlotName, access: Access, server: Server): Promise<Place>;
  /** Clears away what a killed process of this user left at `path`, if it refuses a connection. */
  clear(path: string): Promise<void>;
}
