import { SLAB } from '../../limits.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import type { SlotInfo } from '../slot-info.js';
import { portsWith } from '../temp-root.test.support.js';
import { type Answer, AnswerParser, INFO, SYNC } from '../wire/frames.js';
import { encodeHello } from '../wire/greeting.js';
import { Connection, type ConnectionLink } from './connection.js';
import { Inbox, type InboxOptions } from './inbox.js';
import { lent, scratch } from './slabs.js';

/** How the slot of an inbox without a slot stands. */
export const someInfo: SlotInfo = {
  name: 'test',
  pid: 1,
  owner: 0,
  access: 'owner',
  maxMessageSize: 0,
  messageLimit: 4 << 20,
  nextMessageSize: undefined,
  messageCount: 0,
  readTimeout: 0,
  queueBytes: 64 << 20,
  queueUsed: 0,
  whenFull: 'block',
  writers: 1,
  createdAt: 0,
  received: 0,
  delivered: 0,
  dropped: 0,
  rejected: 0,
};

/** An inbox without a slot around it. */
export function inboxWith(options: Partial<InboxOptions> = {}): Inbox {
  return new Inbox({
    name: 'test',
    messageLimit: 4 << 20,
    queueBytes: 64 << 20,
    whenFull: 'block',
    info: () => someInfo,
    onArrival: () => {},
    ports: portsWith(new VirtualClock()),
    ...options,
  });
}

/** The client's side of a writer without a socket between. */
export class FakeLink implements ConnectionLink {
  readonly answers: Answer[] = [];
  readonly closed: Promise<void> = Promise.resolve();
  /** Whether the client reads what it is sent. */
  reads = true;
  resumed = 0;
  isDestroyed = false;
  private readonly parser = new AnswerParser();

  send(bytes: Uint8Array): boolean {
    this.answers.push(...this.parser.parse(bytes));
    return this.reads;
  }

  resume(): void {
    this.resumed += 1;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  finish(): void {
    this.isDestroyed = true;
  }
}

export interface Connected {
  readonly writer: Connection;
  readonly link: FakeLink;
}

/** A writer as after its connection was accepted; with `pid` it has said hello. */
export function connected(inbox: Inbox, pid?: number): Connected {
  const writer = new Connection(inbox);
  const link = new FakeLink();
  writer.link = link;
  if (pid !== undefined) offer(writer, Buffer.from(encodeHello(1, pid)));
  return { writer, link };
}

/** Hands bytes to a writer as a socket does that has read buffers of its own. */
export function offer(writer: Connection, ...parts: Uint8Array[]): void {
  writer.buffers.offer(Buffer.concat(parts));
  writer.arrived();
}

/** A message as a client frames it. */
export function frame(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([word(bytes.length), bytes]);
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export const sync: Buffer = word(SYNC);
export const askInfo: Buffer = word(INFO);

/** Everything that waits, as texts. */
export function readAll(inbox: Inbox): string[] {
  const texts: string[] = [];
  for (let message = inbox.deliver(); message; message = inbox.deliver()) texts.push(message.text());
  return texts;
}

/**
 * A socket that reads into buffers which these name, as Node does it: the next buffer is asked for right after
 * a read, and used by the next one, before which other connections have written all over what is shared.
 */
export class SimulatedSocket {
  private readonly writer: Connection;
  private target: Buffer;

  constructor(writer: Connection) {
    this.writer = writer;
    this.target = this.nextTarget();
  }

  /** One read of what the system has: at most what fits. Returns how many bytes it took. */
  receive(bytes: Buffer): number {
    const size = bytes.copy(this.target);
    this.writer.buffers.caught(size);
    this.writer.arrived();
    this.target = this.nextTarget();
    scratch().fill(0xee);
    lent().space.fill(0xee, 0, Math.min(size, SLAB));
    return size;
  }

  private nextTarget(): Buffer {
    return this.writer.mayRead ? this.writer.buffers.nextBuffer() : this.writer.buffers.laterBuffer();
  }
}
