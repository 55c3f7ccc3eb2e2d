// Sends messages for people faster than anybody reads, as a program would that knows nothing but docs/wire/messenger.md.
import { randomBytes } from 'node:crypto';
import { type MailslotClient, openMailslot } from 'mailslot';
import { answer } from '../../harness/answer.js';

interface Order {
  /** Messenger names, or `*`: to each in turn. */
  readonly to: readonly string[];
  /** Under so many names, one after the other. */
  readonly senders: number;
  readonly perSecond: number;
  readonly count: number;
}

export interface Storm {
  /** Sends messages that begin with `storm` and a number; resolves when all are taken, with how many seconds it took. */
  send(order: Order): Promise<number>;
}

const TICK_MS = 10;

answer<Storm>({
  async send(order) {
    const clients = await Promise.all(order.to.map((to) => openMailslot(`//*/mailslot/messngr/${to}`)));
    const start = performance.now();
    await evenly(order, (number) => {
      const at = number % clients.length;
      if (!(clients[at] as MailslotClient).post(bodyOf(order, number, order.to[at] as string)))
        throw new Error('the redirector takes less than this');
    });
    await Promise.all(clients.map((client) => client.close()));
    return (performance.now() - start) / 1000;
  },
});

/** Calls back for each number when it is due. */
function evenly({ perSecond, count }: Order, send: (number: number) => void): Promise<void> {
  const start = performance.now();
  let sent = 0;
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const due = Math.min(count, ((performance.now() - start) * perSecond) / 1000);
      try {
        for (; sent < due; sent += 1) send(sent);
      } catch (error) {
        clearInterval(timer);
        reject(error);
      }
      if (sent < count) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

function bodyOf({ senders }: Order, number: number, to: string): string {
  const id = randomBytes(8).toString('hex');
  const from = `STORM ${number % senders}`;
  const text = `storm ${number} ${'of some words '.repeat((number * 7) % 11)}`;
  return JSON.stringify({ v: 1, kind: 'message', id, from, time: Date.now(), to, text });
}
