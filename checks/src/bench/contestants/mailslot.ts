import { join } from 'node:path';
import {
  createMailslot,
  type Mailslot,
  type MailslotClient,
  openMailslot,
  type Remote,
  sendMessage,
} from 'mailslot';
import type { OnMessage } from '../verifier.js';
import type { Ends, Place, Sender } from './contestant.js';
import { ManyWriter, OneByOne, Poster, Writes } from './mailslot-senders.js';

type Read = (slot: Mailslot, onMessage: OnMessage) => Promise<void>;

/** The MSFS root of a run. */
export function rootOf(at: Place): string {
  return join(at.folder, 'root');
}

const post = (client: MailslotClient): Sender => new Poster(client);

/** Who writes and who reads: processes of one computer, or of a domain. */
interface Reach {
  readonly remote: Remote;
  readonly nameOf: (slot: string) => string;
}

const local: Reach = { remote: 'none', nameOf: (slot) => slot };
const domain: Reach = { remote: 'domain', nameOf: (slot) => `//*/mailslot/${slot}` };

/** The library by its public door, written to and read from in its different ways. */
export const consumed: Ends = ends(post, consume);
export const bytesConsumed: Ends = ends(post, consumeBytes);
export const iterated: Ends = ends(post, iterate);
export const hundredWrites: Ends = ends((client) => new Writes(client, 100), iterate);
export const thousandWrites: Ends = ends((client) => new Writes(client, 1000), iterate);
export const writeMany: Ends = ends((client) => new ManyWriter(client, 100), iterate);
export const oneByOne: Ends = ends((client) => new OneByOne(client), consume);

/** Written to on this computer, while it takes messages of others too. */
export const remoteConsumed: Ends = ends(post, consume, { ...local, remote: 'domain' });

/** To all computers of the domain, through two redirectors. */
export const broadcast: Ends = ends(post, consumeBytes, domain);

/** Nothing is kept: each message is sent on a connection of its own. */
export const oneShot: Ends = {
  ...consumed,
  open: async (at, name) => ({
    send: (body) => sendMessage(name, body, { root: rootOf(at) }),
    flush: () => undefined,
    close: async () => {},
  }),
};

function ends(
  write: (client: MailslotClient) => Sender,
  read: Read,
  { remote, nameOf }: Reach = local,
): Ends {
  return {
    async receive(at, name, onMessage) {
      const slot = await createMailslot(name, { root: rootOf(at), remote });
      const reading = read(slot, onMessage);
      return {
        async close() {
          await slot.close();
          await reading;
        },
      };
    },
    open: async (at, name) => write(await openMailslot(nameOf(name), { root: rootOf(at) })),
  };
}

function consume(slot: Mailslot, onMessage: OnMessage): Promise<void> {
  return slot.consume(({ data }) => onMessage(data, 0, data.length));
}

function consumeBytes(slot: Mailslot, onMessage: OnMessage): Promise<void> {
  return slot.consumeBytes(onMessage);
}

async function iterate(slot: Mailslot, onMessage: OnMessage): Promise<void> {
  for await (const { data } of slot) onMessage(data, 0, data.length);
}
