import { MAX_NOTE_BYTES } from '../limits.js';
import type { Message } from '../msfs/message.js';
import { slotSettings } from '../msfs/options.js';
import { Mailslot } from '../msfs/server/slot.js';
import { openSpace } from '../msfs/space/open-space.js';
import { usersOfRoot } from '../msfs/space/root.js';
import type { Scope } from '../name/scope.js';
import { parseName } from '../name/slot-name.js';
import type { Log } from '../ports/log.js';
import type { Ports } from '../ports/ports.js';
import { feedFrom } from '../serve/feed.js';

/** Where a messenger's slots are, and how far it goes. */
export interface Surroundings {
  readonly root: string | undefined;
  readonly scope: Scope;
  readonly ports: Ports;
  /** What is said of slots that hear nothing from other computers. */
  readonly feedLog: Log;
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

/** A slot that members of the domain may write to, and all users of a root that is shared. */
export async function hearOn(
  path: string,
  { root, scope, ports, feedLog }: Surroundings,
  hear: (message: Message) => void,
): Promise<Mailslot> {
  const name = parseName(path);
  const space = openSpace(root, ports);
  const settings = slotSettings({
    maxMessageSize: MAX_NOTE_BYTES,
    access: usersOfRoot(space.root),
    remote: 'domain',
  });
  const feed = feedFrom({
    slot: name.path,
    remote: 'domain',
    scope,
    slots: space,
    ports: { ...ports, log: feedLog },
  });
  const slot = await Mailslot.create(name, space, settings, ports, feed);
  slot.consume(hear).catch((error: unknown) => {
    ports.log.warn(`the mailslot ${slot.name} is read no longer: ${String(error)}`);
  });
  return slot;
}
