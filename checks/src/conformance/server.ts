import { type CreateOptions, createMailslot, type Mailslot, type MailslotInfo } from 'mailslot';
import { callAnyway, failureOf, type Outcome, outcomeOf, SUCCESS } from './outcome.js';
import { type ReadForm, reads, type Take, takeMany } from './reads.js';

/** What one `ReadFile` gave. */
interface Read extends Outcome {
  readonly data: Uint8Array;
  /** The caller's variable for the count, in which {@link GARBAGE} was before. */
  readonly count: number;
  /** How long it took, by a clock that does not jump. */
  readonly ms: number;
}

/** What stands in a variable before a call that may set it. */
export const GARBAGE = 0xdead;

/** A server end, in this process or another, with the calls of Windows that the cases make on it. */
export interface Server {
  name(): Promise<string>;
  /** GetMailslotInfo. Rejects as it does. */
  info(): Promise<MailslotInfo>;
  /** SetMailslotInfo. */
  setReadTimeout(ms: number): Promise<void>;
  /** ReadFile, in the form of reading that is being tried. */
  readFile(size: number): Promise<Read>;
  /** ReadFile where the case demands a buffer. */
  readInto(size: number): Promise<Read>;
  /** Reads that many messages in the form that is being tried. */
  readMany(count: number): Promise<Uint8Array[]>;
  /** CancelIo. */
  cancelReads(): Promise<void>;
  /** How many calls of `readFile` and `readInto` have not returned. */
  pendingReads(): Promise<number>;
  /** WriteFile on the server end. */
  writeAnyway(data: Uint8Array): Promise<Outcome>;
  /** Resolves when so many messages have been taken from writers since the creation. */
  received(count: number): Promise<void>;
  /** CloseHandle. */
  close(): Promise<Outcome>;
}

/** Where server ends are made. */
export interface Host {
  create(name: string, options: PlainOptions, form: ReadForm): Promise<Server>;
}

/** Options that can travel between processes. */
export type PlainOptions = Omit<CreateOptions, 'signal'>;

const NOTHING = new Uint8Array(0);
const RECEIVED_MS = 10_000;

class LocalServer implements Server {
  readonly #slot: Mailslot;
  readonly #form: ReadForm;
  #cancel = new AbortController();
  #pending = 0;

  constructor(slot: Mailslot, form: ReadForm) {
    this.#slot = slot;
    this.#form = form;
  }

  async name(): Promise<string> {
    return this.#slot.name;
  }

  async info(): Promise<MailslotInfo> {
    return this.#slot.info();
  }

  async setReadTimeout(ms: number): Promise<void> {
    this.#slot.readTimeout = ms;
  }

  readFile(size: number): Promise<Read> {
    return this.#read(reads[this.#form], size);
  }

  readInto(size: number): Promise<Read> {
    return this.#read(reads.readInto, size);
  }

  readMany(count: number): Promise<Uint8Array[]> {
    return takeMany(this.#form, this.#slot, count);
  }

  async cancelReads(): Promise<void> {
    this.#cancel.abort();
    this.#cancel = new AbortController();
  }

  async pendingReads(): Promise<number> {
    return this.#pending;
  }

  writeAnyway(data: Uint8Array): Promise<Outcome> {
    return callAnyway(this.#slot, ['write', 'writeMany', 'post'], data);
  }

  async received(count: number): Promise<void> {
    const deadline = performance.now() + RECEIVED_MS;
    while (this.#slot.statistics().received < count) {
      if (performance.now() > deadline) {
        throw new Error(`only ${this.#slot.statistics().received} of ${count} messages arrived`);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): Promise<Outcome> {
    return outcomeOf(this.#slot.close());
  }

  async #read(take: Take, size: number): Promise<Read> {
    let count = GARBAGE;
    const begin = performance.now();
    const elapsed = (): number => performance.now() - begin;
    this.#pending += 1;
    try {
      const data = await take(this.#slot, size, this.#cancel.signal);
      count = data.length;
      return { ...SUCCESS, data, count, ms: elapsed() };
    } catch (error) {
      return { ...failureOf(error), data: NOTHING, count, ms: elapsed() };
    } finally {
      this.#pending -= 1;
    }
  }
}

export const localHost: Host = {
  create: async (name, options, form) => new LocalServer(await createMailslot(name, options), form),
};
