/** Slots that each computer has, and the fifth: the same for a few, for each other one a slot of its own. */
export const SLOT_OF_ALL = 'alerts';
export const SLOT_OF_FEW = 'vault/alarms';
const OTHERS = ['news', 'cache/stale', 'deploy/done'];

/** How many computers have {@link SLOT_OF_FEW}. */
export const FEW = 20;

export function slotsOf(number: number): Set<string> {
  const fifth = number < FEW ? SLOT_OF_FEW : `desk/${number}`;
  return new Set([SLOT_OF_ALL, ...OTHERS, fifth]);
}

/** What a computer asks the server for: each slot by the computer's name, and by the domain's. */
export const SUBSCRIPTIONS: number = 2 * slotsOf(0).size;
