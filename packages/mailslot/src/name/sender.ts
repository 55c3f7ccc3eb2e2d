/** Where a message came from, and what is known for certain about it. */
export interface Sender {
  /** How it came: `local` from a process of this computer; else the transport, as `lan`. */
  readonly via: string;
  /**
   * Whether somebody vouches for the sender: locally the system does, which admits whom the slot's `access` names; in a
   * domain whoever has its key is a member, and any member can use any computer's name.
   */
  readonly authenticated: boolean;
  /** The writing process, by its own word; 0 if it did not say, or is on another computer. */
  readonly pid: number;
  /** The sending computer, by its own word; `undefined` for a local message. */
  readonly computer?: string | undefined;
  /** The domain the message came through; `undefined` for a local message. */
  readonly domain?: string | undefined;
  /** Where it came from as the transport saw it, as `10.99.0.11:51234`; `undefined` for a message of this computer. */
  readonly address?: string | undefined;
}
