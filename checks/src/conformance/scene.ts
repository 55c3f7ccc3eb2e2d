import { type MailslotClient, type OpenOptions, openMailslot, type SlotInfo } from 'mailslot';
import { callAnyway, type Outcome, outcomeOf } from './outcome.js';
import type { ReadForm } from './reads.js';
import type { Host, PlainOptions, Server } from './server.js';
import { type WriteForm, writes } from './writes.js';

/** One way of going through the cases. */
export interface Form {
  readonly process: 'one process' | 'two processes';
  readonly write: WriteForm;
  readonly read: ReadForm;
}

/** How many messages one slot was sent. */
interface Sent {
  readonly server: Server;
  count: number;
}

/** What a program of cases has: slots where the form says, clients here, and a root of its own for both. */
export class Scene {
  readonly form: Form;
  /** The folder of the MSFS. */
  readonly root: string;
  readonly #host: Host;
  readonly #ends: { close(): Promise<unknown> }[] = [];
  #sent: Sent | undefined;

  constructor(host: Host, form: Form, root: string) {
    this.#host = host;
    this.form = form;
    this.root = root;
  }

  /** CreateMailslot. Rejects as it does. */
  async create(name: string, options: PlainOptions = {}): Promise<Server> {
    const server = await this.#host.create(name, { root: this.root, ...options }, this.form.read);
    this.#ends.push(server);
    this.#sent = { server, count: 0 };
    return server;
  }

  /** CreateFile: a client of the slot that was created last. Rejects as `openMailslot` does. */
  async open(name: string, options: OpenOptions = {}): Promise<Client> {
    const end = await openMailslot(name, { root: this.root, ...options });
    const client = new Client(end, this.form.write, this.#sent);
    this.#ends.push(client);
    return client;
  }

  /** Closes whatever is open still. */
  async end(): Promise<void> {
    await Promise.all(this.#ends.reverse().map((end) => end.close()));
  }
}

/** Closing waits for what was posted; a slot that takes nothing any more must not hold up the run. */
const CLOSE_MS = 1000;

/** A client end, with the calls of Windows that the cases make on it. */
export class Client {
  readonly end: MailslotClient;
  readonly #form: WriteForm;
  readonly #sent: Sent | undefined;

  constructor(end: MailslotClient, form: WriteForm, sent: Sent | undefined) {
    this.end = end;
    this.#form = form;
    this.#sent = sent;
  }

  /** WriteFile, in the form of writing that is being tried. */
  writeFile(data: Uint8Array): Promise<Outcome> {
    return this.writeMany([data]);
  }

  /** As {@link writeFile} for one after the other. */
  async writeMany(messages: readonly Uint8Array[]): Promise<Outcome> {
    const { put, confirms } = writes[this.#form];
    const outcome = await outcomeOf(put(this.end, messages));
    if (outcome.code !== 0 || !this.#sent) return outcome;
    this.#sent.count += messages.length;
    if (!confirms) await this.#sent.server.received(this.#sent.count);
    return outcome;
  }

  /** WriteFile when nobody can take the message: the outcome is told now, or at the latest by `close`. */
  async writeInVain(data: Uint8Array): Promise<Outcome> {
    const { put, confirms } = writes[this.#form];
    const outcome = await outcomeOf(put(this.end, [data]));
    return outcome.code === 0 && !confirms ? this.close() : outcome;
  }

  /** The query of a client handle. */
  info(): Promise<SlotInfo> {
    return this.end.info();
  }

  /** ReadFile on the client end. */
  readAnyway(buffer: Uint8Array): Promise<Outcome> {
    return callAnyway(this.end, ['readInto', 'read', 'tryRead', 'consume'], buffer);
  }

  /** CloseHandle. */
  close(): Promise<Outcome> {
    return outcomeOf(this.end.close({ signal: AbortSignal.timeout(CLOSE_MS) }));
  }
}
