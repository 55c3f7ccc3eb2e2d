import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mailslot, MailslotClient, Message } from 'mailslot';
import type { Play } from './play.js';

const COUNT = 5_000;

/** A way of reading that goes on until `signal` aborts and hands over every message it got. */
type Method = (slot: Mailslot, note: (text: string) => void, signal: AbortSignal) => Promise<void>;

/** All ways of reading at once. */
export const mixing: Readonly<Record<string, Play>> = {
  'all ways of reading mixed: each message goes to exactly one': async (slot, client) => {
    const seen: string[] = [];
    const stop = new AbortController();
    const note = (text: string): void => {
      seen.push(text);
      if (seen.length === COUNT) stop.abort(stop);
    };
    const loops = ways.map(async (way) => {
      try {
        await way(slot, note, stop.signal);
      } catch (error) {
        if (error !== stop) throw error;
      }
    });
    await post(client);
    await Promise.all(loops);
    const expected = Array.from({ length: COUNT }, (_, number) => String(number));
    assert.deepEqual(
      seen.toSorted((one, other) => Number(one) - Number(other)),
      expected,
    );
  },
};

async function post(client: MailslotClient): Promise<void> {
  for (let number = 0; number < COUNT; number += 1) {
    while (!client.post(String(number))) await client.drained();
    if (number % 20 === 0) await nextTurn();
  }
}

const iterate: Method = async (slot, note, signal) => {
  while (!signal.aborted) {
    const iterator = slot[Symbol.asyncIterator]();
    const leave = (): void => void iterator.return?.();
    signal.addEventListener('abort', leave);
    let read = 0;
    for await (const message of iterator) {
      note(message.text());
      read += 1;
      if (read === 5) break;
    }
    signal.removeEventListener('abort', leave);
  }
};

const read: Method = async (slot, note, signal) => {
  for (;;) note((await slot.read({ signal })).text());
};

const readInto: Method = async (slot, note, signal) => {
  const buffer = Buffer.alloc(16);
  for (;;) {
    const size = await slot.readInto(buffer, { signal });
    note(buffer.toString('utf8', 0, size));
  }
};

/** Gives up again and again. */
const hurry: Method = async (slot, note, signal) => {
  while (!signal.aborted) {
    const few = new AbortController();
    const message = slot.read({ signal: few.signal }).catch((error: unknown) => assert.equal(error, few));
    await nextTurn();
    few.abort(few);
    const got = await message;
    if (got) note(got.text());
  }
};

const tryRead: Method = async (slot, note, signal) => {
  while (!signal.aborted) {
    const message = slot.tryRead();
    if (message) note(message.text());
    else await nextTurn();
  }
};

const stream: Method = async (slot, note, signal) => {
  const reader = slot.readable.getReader();
  signal.addEventListener('abort', () => void reader.cancel());
  for (let step = await reader.read(); !step.done; step = await reader.read()) note(step.value.text());
};

/** Takes three at a time. */
const consume: Method = async (slot, note, signal) => {
  while (!signal.aborted) {
    const few = new AbortController();
    const leave = (): void => few.abort(few);
    signal.addEventListener('abort', leave);
    let taken = 0;
    const handler = (message: Message): void => {
      note(message.text());
      taken += 1;
      if (taken === 3) leave();
    };
    await slot.consume(handler, few).catch((error: unknown) => assert.equal(error, few));
    signal.removeEventListener('abort', leave);
    await nextTurn();
  }
};

const ways: readonly Method[] = [iterate, read, read, readInto, hurry, tryRead, stream, consume];
