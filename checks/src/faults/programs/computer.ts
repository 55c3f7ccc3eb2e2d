// A program on one computer of a LAN: does with the library what a test asks for.
import { existsSync, readFileSync } from 'node:fs';
import {
  type ComputerEntry,
  type CreateOptions,
  callRedirector,
  createMailslot,
  listComputers,
  type Mailslot,
  type MailslotClient,
  type NatsFactory,
  openMailslot,
  type RedirectorHandle,
  type Scope,
  sendMessage,
  startRedirector,
} from 'mailslot';
import { answer } from '../../harness/answer.js';

/** One message, as it was received. */
export interface Received {
  readonly text: string;
  readonly via: string;
  readonly computer: string | undefined;
  readonly authenticated: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Slots and clients are named by the number that `create` and `open` return; messages are text. */
export interface Computer {
  /** Starts a redirector in this process. */
  serve(): Promise<void>;
  /** Ends it. */
  unserve(): Promise<void>;
  create(name: string, options?: Pick<CreateOptions, 'remote' | 'access' | 'scope'>): Promise<number>;
  /** All messages of a slot so far. */
  received(slot: number): Received[];
  count(slot: number): number;
  /** Resolves when a slot has had so many messages. */
  untilReceived(slot: number, count: number): Promise<void>;
  open(name: string): Promise<number>;
  post(client: number, texts: readonly string[]): Promise<void>;
  close(client: number): Promise<void>;
  send(name: string, text: string, scope?: Scope): Promise<void>;
  /** Sends that many characters. */
  sendLong(name: string, length: number): Promise<void>;
  computers(): Promise<ComputerEntry[]>;
  status(): Promise<Record<string, unknown>>;
  reload(): Promise<void>;
  /** Ends the redirector of this root, whose ever it is. */
  stopRedirector(): Promise<void>;
  /** Process id of the redirector of this root. */
  redirectorPid(): Promise<number>;
  /** Bytes of memory that this process has. */
  memory(): number;
  /** UDP sockets of all processes of this computer. */
  udpSockets(): number;
}

const slots: { slot: Mailslot; messages: Received[]; waiting: Set<() => void> }[] = [];
const clients: MailslotClient[] = [];
let redirector: RedirectorHandle | undefined;

answer<Computer>({
  async serve() {
    redirector = await startRedirector({ nats: await natsIfAsked() });
  },
  async unserve() {
    await redirector?.close();
  },
  async create(name, options = {}) {
    const slot = await createMailslot(name, { remote: 'domain', ...options });
    const entry = { slot, messages: [] as Received[], waiting: new Set<() => void>() };
    void slot.consume((message) => {
      const { via, computer, authenticated } = message.sender;
      entry.messages.push({ text: message.text(), via, computer, authenticated, at: Date.now() });
      for (const look of entry.waiting) look();
    });
    return slots.push(entry) - 1;
  },
  received: (slot) => slots[slot]?.messages ?? [],
  count: (slot) => slots[slot]?.messages.length ?? 0,
  untilReceived(slot, count) {
    const entry = slots[slot];
    if (!entry) throw new Error('no such slot');
    return new Promise((resolve) => {
      const look = (): void => {
        if (entry.messages.length < count) return;
        entry.waiting.delete(look);
        resolve();
      };
      entry.waiting.add(look);
      look();
    });
  },
  async open(name) {
    return clients.push(await openMailslot(name)) - 1;
  },
  async post(client, texts) {
    const end = clients[client];
    for (const text of texts) while (!end?.post(text)) await end?.drained();
  },
  async close(client) {
    await clients[client]?.close();
  },
  send: (name, text, scope) => sendMessage(name, text, { scope }),
  sendLong: (name, length) => sendMessage(name, 'x'.repeat(length)),
  computers: () => listComputers(),
  status: () => statusOf(),
  async reload() {
    for await (const _line of callRedirector({ do: 'reload' }));
  },
  async stopRedirector() {
    for await (const _line of callRedirector({ do: 'stop' }));
  },
  async redirectorPid() {
    return Number((await statusOf())['pid']);
  },
  memory: () => process.memoryUsage.rss(),
  udpSockets: () => ['udp', 'udp6'].reduce((sum, table) => sum + rowsOf(`/proc/net/${table}`), 0),
});

/** Only where it is configured: copies of this program for other users have the library alone. */
async function natsIfAsked(): Promise<NatsFactory | undefined> {
  const path = process.env['MAILSLOT_CONFIG'];
  if (path === undefined || !existsSync(path) || !readFileSync(path, 'utf8').includes('"nats"'))
    return undefined;
  return (await import('@mailslot/nats')).natsTransport;
}

async function statusOf(): Promise<Record<string, unknown>> {
  for await (const line of callRedirector({ do: 'status' })) return line;
  throw new Error('the redirector answered nothing');
}

/** Lines of a table of the system, without its head. */
function rowsOf(path: string): number {
  return readFileSync(path, 'latin1').trim().split('\n').length - 1;
}
