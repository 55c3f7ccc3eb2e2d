import { type FeedOptions, feedFrom } from '../api/feed.js';
import { MAX_NOTE_BYTES } from '../limits.js';
import type { Message } from '../msfs/message.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { openSpace } from '../msfs/namespace/open-space.js';
import { usersOfRoot } from '../msfs/namespace/root.js';
import { slotSettings } from '../msfs/options.js';
import { type ConnectFeed, Mailslot } from '../msfs/server/slot.js';
import type { Scope } from '../name/scope.js';
import { parseName } from '../name/slot-name.js';
import type { Log } from '../ports/log.js';
import type { Ports } from '../ports/ports.js';

/** Where a messenger's slots are, and how far it goes. */
export interface Context {
  readonly root: string | undefined;
  readonly scope: Scope;
  readonly ports: Ports;
  /** What is said of slots that hear nothing from other computers. */
  readonly feedLog: Log;
  /** What this computer is called, in the spelling of messenger names. */
  readonly computer: () => string;
  /** Told what the redirector calls it. */
  readonly onComputer?: (name: string) => void;
}

export function rootOf({ root }: Context): string {
  return findSlots(root).root;
}

/** Of all slots of one messenger the first says that it hears nothing from others: it is the same for all. */
export function onceOnly(log: Log): Log {
  let isSaid = false;
  return {
    warn(message) {
      if (!isSaid) log.warn(message);
      isSaid = true;
    },
  };
}

type Hear = (message: Message) => void;

/** A slot that members of the domain may write to, and all users of a root that is shared. */
export function hearOn(path: string, around: Context, hear: Hear): Promise<Mailslot> {
  return createSlot(path, around, hear, feedOf(path, around));
}

/** The slot of a member, to which comes what is for all people of this computer. */
export function hearForAll(path: string, around: Context, hear: Hear): Promise<Mailslot> {
  return createSlot(path, around, hear, feedOf(path, around, { ask: 'join', onComputer: around.onComputer }));
}

/** A slot for programs of this computer alone. */
export function hearHere(path: string, around: Context, hear: Hear): Promise<Mailslot> {
  return createSlot(path, around, hear, undefined);
}

function feedOf(
  path: string,
  { root, scope, ports, feedLog }: Context,
  how: Pick<FeedOptions, 'ask' | 'onComputer'> = {},
): ConnectFeed {
  const slots = findSlots(root);
  return feedFrom({ slot: path, remote: 'domain', scope, slots, ports: { ...ports, log: feedLog }, ...how });
}

async function createSlot(
  path: string,
  { root, ports }: Context,
  hear: Hear,
  feed: ConnectFeed | undefined,
): Promise<Mailslot> {
  const name = parseName(path);
  const space = openSpace(root, ports);
  const access = usersOfRoot(space.root);
  const settings = slotSettings({ maxMessageSize: MAX_NOTE_BYTES, access });
  const slot = await Mailslot.create(name, space, settings, ports, feed);
  slot.consume(hear).catch((error: unknown) => {
    ports.log.warn(`the mailslot ${slot.name} is read no longer: ${String(error)}`);
  });
  return slot;
}
