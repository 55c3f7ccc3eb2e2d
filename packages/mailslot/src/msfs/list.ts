import { MailslotError } from '../errors.js';
import { LIST_CONCURRENCY, LIST_PATIENCE_MS, LIST_TOTAL_MS } from '../limits.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { throwIfAborted } from './abort.js';
import { askInfo } from './client/ask.js';
import type { ListedPlace, NameSpace } from './namespace/name-space.js';
import { openSpace } from './namespace/open-space.js';
import { REDIRECTOR } from './namespace/reserved.js';
import type { OpenOptions, WaitOptions } from './options.js';
import type { SlotInfo } from './slot-info.js';

/** One slot of a root: how it stands, or why it does not say. */
export type SlotEntry = SlotOwner &
  (
    | { readonly name: string; readonly info: SlotInfo; readonly error: undefined }
    | { readonly name: undefined; readonly info: undefined; readonly error: MailslotError }
  );

interface SlotOwner {
  /** User id of whom the slot is, as the system says; `undefined` where it cannot, as on Windows. */
  readonly owner: number | undefined;
}

/**
 * All mailslots of a root, sorted by name, each asked how it stands; those that may not be asked, or do not answer, are
 * told too. It takes 3 s at most, and whatever there is of one user, the slots of the others are asked. What killed
 * processes left is cleared away.
 */
export async function listMailslots(
  options: WaitOptions & Pick<OpenOptions, 'root'> = {},
): Promise<SlotEntry[]> {
  return listSlots(openSpace(options.root, realPorts), options, realPorts);
}

/** Asks all slots of a root how they stand, but not the redirector, which is none, and clears away what killed processes left. Sorted by name. */
export async function listSlots(space: NameSpace, options: WaitOptions, ports: Ports): Promise<SlotEntry[]> {
  throwIfAborted(options.signal);
  const deadline = ports.clock.monotonic() + LIST_TOTAL_MS;
  const places = inTurn(space.list()).values();
  const entries: SlotEntry[] = [];
  const notAsked = errorsByOwner();
  const worker = async (): Promise<void> => {
    for (const place of places) {
      const patienceMs = Math.min(LIST_PATIENCE_MS, deadline - ports.clock.monotonic());
      const entry =
        patienceMs > 0
          ? await entryOf(place, patienceMs, space, options, ports)
          : failed(place, notAsked(place.owner));
      if (entry) entries.push(entry);
    }
  };
  await Promise.all(Array.from({ length: LIST_CONCURRENCY }, worker));
  return entries.sort((one, other) => compare(one.name ?? '', other.name ?? ''));
}

/** First one of each owner, then a second, and so on: who has filled the root with what never answers delays only himself. */
function inTurn(places: readonly ListedPlace[]): ListedPlace[] {
  const ranks = new Map<number | undefined, number>();
  const ranked = places.map((place) => {
    const rank = ranks.get(place.owner) ?? 0;
    ranks.set(place.owner, rank + 1);
    return { place, rank };
  });
  return ranked.sort((one, other) => one.rank - other.rank).map(({ place }) => place);
}

async function entryOf(
  place: ListedPlace,
  patienceMs: number,
  space: NameSpace,
  { signal }: WaitOptions,
  ports: Ports,
): Promise<SlotEntry | undefined> {
  try {
    const path = place.find();
    if (path === undefined || space.isPlaceOf(REDIRECTOR, path)) return undefined;
    const info = await askInfo(path, space, { name: path, clock: ports.clock, patienceMs, signal });
    if (info) return { name: info.name, owner: info.owner, info, error: undefined };
    await space.clear(path);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MailslotError)) throw error;
    return failed(place, error);
  }
}

function failed({ owner }: ListedPlace, error: MailslotError): SlotEntry {
  return { name: undefined, owner, info: undefined, error };
}

/** One for all slots of an owner: there may be as many as somebody liked to make. */
function errorsByOwner(): (owner: number | undefined) => MailslotError {
  const errors = new Map<number | undefined, MailslotError>();
  return (owner) => {
    const whose = owner === undefined ? 'of a user who has no number here' : `of uid ${owner}`;
    const text = `this slot ${whose} was not asked: others of that user took the ${LIST_TOTAL_MS / 1000} s of a list`;
    const error = errors.get(owner) ?? new MailslotError('ERR_MAILSLOT_TIMEOUT', text);
    errors.set(owner, error);
    return error;
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
