import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { portsWith } from '../temp-root.test.support.js';
import { type Answer, AnswerParser } from '../wire/frames.js';
import { encodeGreeting, encodeHello } from '../wire/greeting.js';
import { serveByEvents } from './accept.js';
import { frame, inboxWith, sync, word } from './fake-link.test.support.js';
import type { Inbox } from './inbox.js';

const greeting = encodeGreeting({ maxMessageSize: 0, messageLimit: 4 << 20, pid: 1, name: 'a' });

/** A socket whose writes take some turns, as those of Windows' pipes do; what is not written when it ends is lost. */
class SlowSocket extends Duplex {
  readonly written: Buffer[] = [];
  /** Whether the client reads. */
  isRead = true;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    void this.deliver(chunk, done);
  }

  private async deliver(chunk: Buffer, done: () => void): Promise<void> {
    for (let turns = 0; turns < 3; turns += 1) await turn();
    if (this.destroyed || !this.isRead) return;
    this.written.push(chunk);
    done();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    this.end();
    this.once('finish', () => this.destroy());
  }

  answers(): Answer[] {
    return new AnswerParser().parse(Buffer.concat(this.written).subarray(greeting.length));
  }
}

interface Served {
  readonly socket: SlowSocket;
  readonly inbox: Inbox;
  readonly clock: VirtualClock;
}

/** A client of a slot, greeted, on a slow socket. */
async function served(): Promise<Served> {
  const clock = new VirtualClock();
  const inbox = inboxWith({ ports: portsWith(clock) });
  const socket = new SlowSocket();
  serveByEvents(socket as unknown as Socket, inbox, greeting);
  socket.push(encodeHello(1, 7));
  while (socket.written.length === 0) await turn();
  return { socket, inbox, clock };
}

async function closeAll(inbox: Inbox): Promise<void> {
  await Promise.all([...inbox.writers].map((writer) => writer.close()));
}

test('a message that was taken is told as taken, when the slot is closed in the turn in which it came', async () => {
  const { socket, inbox } = await served();
  socket.push(Buffer.concat([frame('a'), sync]));
  while (inbox.queue.count === 0) await turn();
  const closing = closeAll(inbox);
  socket.push(null);
  await closing;
  assert.deepEqual(socket.answers().at(-1), { type: 'taken', count: 1 });
});

test('a client that breaks the framing is told so, where that takes a while', async () => {
  const { socket, inbox } = await served();
  socket.push(Buffer.concat([frame('a'), sync, word(0xffff_ffff)]));
  while (!socket.destroyed) await turn();
  assert.equal(socket.answers().at(-1)?.type, 'fault');
  assert.equal(inbox.writers.size, 0);
});

for (const [what, bytes] of [
  ['closes', Buffer.alloc(0)],
  ['cuts off a client', word(0xffff_ffff)],
] as const) {
  test(`a slot that ${what} does not wait long for one that reads nothing`, async () => {
    const { socket, inbox, clock } = await served();
    socket.isRead = false;
    socket.push(Buffer.concat([frame('a'), sync, bytes]));
    while (inbox.queue.count === 0) await turn();
    const closing = closeAll(inbox);
    clock.advance(1_000);
    await closing;
    assert.ok(socket.destroyed);
    assert.equal(clock.pending, 0);
  });
}
