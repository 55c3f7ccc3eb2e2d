import { MailslotError } from '../errors.js';
import { LIST_CONCURRENCY, LIST_PATIENCE_MS } from '../limits.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { throwIfAborted } from './abort.js';
import { askInfo } from './client/ask.js';
import type { OpenOptions, WaitOptions } from './options.js';
import type { SlotInfo } from './slot-info.js';
import type { NameSpace } from './space/name-space.js';
import { openSpace } from './space/open-space.js';
import { REDIRECTOR } from './space/reserved.js';

/** One slot of a root: how it stands, or why it does not say. */
export type SlotEntry =
  | { readonly name: string; readonly owner: number; readonly info: SlotInfo; readonly error: undefined }
  | {
      readonly name: undefined;
      readonly owner: number;
      readonly info: undefined;
      readonly error: MailslotError;
    };

/**
 * All mailslots of a root, sorted by name, each asked how it stands; those that may not be asked are told too. What
 * killed processes left is cleared away.
 */
export async function listMailslots(
  options: WaitOptions & Pick<OpenOptions, 'root'> = {},
): Promise<SlotEntry[]> {
  return listSlots(openSpace(options.root, realPorts), options, realPorts);
}

/** Asks all slots of a root how they stand, but not the redirector, which is none, and clears away what killed processes left. Sorted by name. */
export async function listSlots(space: NameSpace, options: WaitOptions, ports: Ports): Promise<SlotEntry[]> {
  throwIfAborted(options.signal);
  const redirector = space.locate(REDIRECTOR);
  const paths = space.list().filter((path) => path !== redirector);
  const entries: SlotEntry[] = [];
  const worker = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const entry = await entryOf(path, space, options, ports);
      if (entry) entries.push(entry);
    }
  };
  await Promise.all(Array.from({ length: LIST_CONCURRENCY }, worker));
  return entries.sort((one, other) => compare(one.name ?? '', other.name ?? ''));
}

async function entryOf(
  path: string,
  space: NameSpace,
  { signal }: WaitOptions,
  ports: Ports,
): Promise<SlotEntry | undefined> {
  try {
    const info = await askInfo(path, {
      name: path,
      clock: ports.clock,
      patienceMs: LIST_PATIENCE_MS,
      signal,
    });
    if (info) return { name: info.name, owner: info.owner, info, error: undefined };
    await space.clear(path);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MailslotError)) throw error;
    return { name: undefined, owner: space.ownerOf(path), info: undefined, error };
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
