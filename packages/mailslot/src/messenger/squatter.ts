import { isForAnother } from '../msfs/namespace/accounts.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { slotOf } from '../name/people.js';
import { parseName } from '../name/slot-name.js';
import type { Context } from './slots.js';

/**
 * The uid of who has the slot of an account's name on this computer without being that account. `undefined`: nobody, or it
 * cannot be found out.
 */
export async function squatterOf(name: string, { root }: Pick<Context, 'root'>): Promise<number | undefined> {
  try {
    const slots = findSlots(root);
    const place = slots.locate(parseName(slotOf(name)));
    const owner = place === undefined ? undefined : slots.lookAt(place)?.owner;
    if (owner === undefined) return undefined;
    return (await isForAnother(slots.root, slotOf(name), owner)) ? owner : undefined;
  } catch {
    // It is no reason to fail at what was to be done.
    return undefined;
  }
}
