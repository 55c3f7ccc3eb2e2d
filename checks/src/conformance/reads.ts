import type { Mailslot, Message } from 'mailslot';

/** The ways of reading, by the member that begins them. */
export type ReadForm = 'readInto' | 'read' | 'tryRead' | 'iteration' | 'consume' | 'readable';

/** One `ReadFile`: takes a message, into a buffer of `size` bytes if the form has one. */
export type Take = (slot: Mailslot, size: number, signal: AbortSignal) => Promise<Uint8Array>;

/** The way of reading ended without a message and without an error, because the slot was closed. */
class Ended extends Error {
  static {
    Object.defineProperty(Ended.prototype, 'name', { value: 'Ended' });
  }
}

export const reads: Readonly<Record<ReadForm, Take>> = {
  async readInto(slot, size, signal) {
    const buffer = new Uint8Array(size);
    return buffer.subarray(0, await slot.readInto(buffer, { signal }));
  },

  async read(slot, _size, signal) {
    return (await slot.read({ signal })).data;
  },

  /** What a program does that looks first and waits only if there is nothing. */
  async tryRead(slot, size, signal) {
    const message = slot.tryRead();
    if (message) return message.data;
    if (slot.info().messageCount > 0) throw new Error('tryRead saw no message, and one is waiting');
    return reads.readInto(slot, size, signal);
  },

  async iteration(slot) {
    for await (const message of slot) return message.data;
    throw new Ended();
  },

  /** Knows no time-out of its own. */
  async consume(slot, size, signal) {
    if (isInVain(slot)) return reads.readInto(slot, size, signal);
    const one = new AbortController();
    const taken: Uint8Array[] = [];
    const take = slot.consume(
      ({ data }) => {
        taken.push(data);
        one.abort();
      },
      { signal: AbortSignal.any([signal, one.signal]) },
    );
    await take.catch((error: unknown) => {
      if (taken.length === 0) throw error;
    });
    const [data] = taken;
    if (data === undefined) throw new Ended();
    if (taken.length > 1) throw new Error('consume went on after it was stopped');
    return data;
  },

  /** A stream that has failed once, by a time-out too, is of no use any more; so it is not asked in vain. */
  async readable(slot, size, signal) {
    if (isInVain(slot)) return reads.readInto(slot, size, signal);
    const reader = slot.readable.getReader();
    try {
      const { value } = await reader.read();
      if (value === undefined) throw new Ended();
      return value.data;
    } finally {
      reader.releaseLock();
    }
  },
};

/** Whether a read now can only run into its time-out. */
function isInVain(slot: Mailslot): boolean {
  return slot.info().messageCount === 0 && slot.readTimeout < Number.POSITIVE_INFINITY;
}

/** So long may no message come while many are read: much, since all forms run at once. */
const PATIENCE_MS = 10_000;

/** Takes `count` messages as a program does that reads many, and gives up when no more come. */
export async function takeMany(form: ReadForm, slot: Mailslot, count: number): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = [];
  slot.readTimeout = PATIENCE_MS;
  if (form === 'consume') await consumeMany(slot, count, taken);
  else if (form === 'iteration') {
    for await (const { data } of slot) if (taken.push(data) === count) break;
  } else if (form === 'readable') {
    for await (const { data } of slot.readable.values({ preventCancel: true }))
      if (taken.push(data) === count) break;
  } else {
    const { signal } = new AbortController();
    while (taken.length < count) taken.push(await reads[form](slot, 64, signal));
  }
  return taken;
}

async function consumeMany(slot: Mailslot, count: number, taken: Uint8Array[]): Promise<void> {
  // Not AbortSignal.any of a timeout: Node 20 may collect that as garbage, and then nothing ends the wait.
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE_MS);
  const keep = ({ data }: Message): void => {
    patience.refresh();
    if (taken.push(data) === count) stop.abort();
  };
  const take = slot.consume(keep, { signal: stop.signal });
  await take.catch((error: unknown) => {
    if (taken.length < count) throw error;
  });
  clearTimeout(patience);
}
