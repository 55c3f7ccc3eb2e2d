import assert from 'node:assert/strict';
import { LARGE_BODY } from '../../../packages/mailslot/dist/limits.js';
import { Connection } from '../../../packages/mailslot/dist/msfs/server/connection.js';
import { Inbox } from '../../../packages/mailslot/dist/msfs/server/inbox.js';
import { scratch } from '../../../packages/mailslot/dist/msfs/server/slabs.js';
import type { SlotInfo, WhenFull } from '../../../packages/mailslot/dist/msfs/slot-info.js';
import { type Answer, AnswerParser, INFO, SYNC } from '../../../packages/mailslot/dist/msfs/wire/frames.js';
import { encodeHello } from '../../../packages/mailslot/dist/msfs/wire/greeting.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import { bytesOf, type Dice } from './dice.js';
import { type Expected, expectedOf } from './model.js';
import { mutated } from './mutate.js';
import type { Target } from './target.js';

/** Without alarms: thousands of slots a second would each be held for the second that theirs takes. */
const ports = { ...realPorts, clock: { ...realPorts.clock, afterIdle: () => ({ cancel() {} }) } };

const LIMIT: number = 3 * LARGE_BODY;

/** What a client sends, through the buffers into the queue: both ways of reading, cut anywhere, under any rule. */
export const traffic: Target = {
  name: 'traffic',
  share: 8,
  make: (dice) =>
    mutated(
      Buffer.concat([encodeHello(1, 7), ...Array.from({ length: dice(12) }, () => frameOf(dice))]),
      dice,
    ),
  async check(input, dice) {
    const whenFull = (['block', 'reject', 'drop-newest', 'drop-oldest'] as const)[dice(4)] ?? 'block';
    const receiver = new Receiver(whenFull, LIMIT + 64 + dice(2 * LIMIT));
    const feed = dice(2) === 0 ? receiver.byHandle() : receiver.byEvents();
    for (let at = 0; at < input.length && !receiver.writer.isGone; ) {
      while (!receiver.writer.mayRead && !receiver.writer.isGone) await receiver.makeWay();
      if (receiver.writer.isGone) break;
      at += feed(input.subarray(at, at + 1 + dice(dice(2) === 0 ? 60 : 3 * LARGE_BODY)));
      if (dice(4) === 0) await receiver.makeWay();
    }
    await receiver.readAll();
    receiver.compare(expectedOf(input, LIMIT));
    // As when the connection ends; a message that is still arriving would be looked after for ever.
    receiver.writer.gone();
  },
};

function frameOf(dice: Dice): Buffer {
  const kind = dice(8);
  if (kind === 0) return word(SYNC);
  if (kind === 1) return word(INFO);
  const size = kind === 2 ? LARGE_BODY - 3 + dice(LARGE_BODY) : dice(100);
  return Buffer.concat([word(size), size < 200 ? bytesOf(dice, size) : Buffer.alloc(size, dice(256))]);
}

/** A slot's inbox and one connection to it, without a socket. */
class Receiver {
  readonly writer: Connection;
  private readonly inbox: Inbox;
  private readonly whenFull: WhenFull;
  private readonly read: Buffer[] = [];
  private readonly answers: Answer[] = [];
  private isStuffed = false;

  constructor(whenFull: WhenFull, queueBytes: number) {
    this.whenFull = whenFull;
    const options = { name: 'fuzz', messageLimit: LIMIT, queueBytes, whenFull, ports };
    this.inbox = new Inbox({ ...options, info: () => INFORMATION, onArrival: () => {} });
    this.writer = new Connection(this.inbox);
    const parser = new AnswerParser();
    this.writer.link = {
      send: (bytes) => {
        this.answers.push(...parser.parse(bytes));
        // Every third answer finds a client that has not read the one before.
        this.isStuffed = this.answers.length % 3 === 0;
        return !this.isStuffed;
      },
      resume: () => {},
      destroy: () => {},
      finish: () => {},
      closed: Promise.resolve(),
    };
  }

  /** As a socket that reads into buffers of the buffers; what is shared is written over in between. */
  byHandle(): (bytes: Buffer) => number {
    const { writer } = this;
    const next = (): Buffer => (writer.mayRead ? writer.buffers.nextBuffer() : writer.buffers.laterBuffer());
    let target = next();
    return (bytes) => {
      const size = bytes.copy(target);
      writer.buffers.caught(size);
      writer.arrived();
      if (!writer.isGone) target = next();
      scratch().fill(0xee);
      return size;
    };
  }

  byEvents(): (bytes: Buffer) => number {
    return (bytes) => {
      this.writer.buffers.offer(Buffer.from(bytes));
      this.writer.arrived();
      return bytes.length;
    };
  }

  /** A reader takes a message, and the client reads what it was sent. */
  async makeWay(): Promise<void> {
    assert.ok(this.inbox.queue.used <= this.inbox.queue.capacity, 'the queue is within its bound');
    if (this.isStuffed) {
      this.isStuffed = false;
      this.writer.drained();
    }
    this.keep();
    await turn();
  }

  async readAll(): Promise<void> {
    do await this.makeWay();
    while (this.inbox.queue.count > 0 || this.isStuffed);
  }

  compare(expected: Expected): void {
    const { received, delivered, rejected, droppedNewest, droppedOldest, faults } = this.inbox.counters;
    assert.equal(faults, expected.isFaulty ? 1 : 0);
    const decided = this.whenFull === 'block' ? received : received + rejected;
    assert.equal(decided, expected.messages.length);
    assert.equal(delivered, received - droppedNewest - droppedOldest);
    assert.equal(this.inbox.queue.used, this.writer.isGone ? 0 : this.reserved(expected));
    const lost = rejected + droppedNewest + droppedOldest;
    if (lost === 0) assert.deepEqual(this.read, expected.messages);
    else assert.ok(isPartOf(this.read, expected.messages), 'what was read is what was sent, in its order');
    if (this.whenFull === 'block') assert.equal(lost, 0);
    const taken = this.answers.flatMap((answer) => (answer.type === 'taken' ? answer.count : []));
    assert.ok(taken.every((count, at) => at === 0 || count >= (taken[at - 1] as number)));
    if (!expected.isFaulty) assert.ok((taken.at(-1) ?? 0) >= expected.decidedAtLastSync);
    assert.ok((taken.at(-1) ?? 0) <= expected.messages.length);
    const refused = this.answers.flatMap((answer) => (answer.type === 'refused' ? answer.count : []));
    if (!expected.isFaulty)
      assert.equal(
        refused.reduce((sum, count) => sum + count, 0),
        rejected,
      );
  }

  /** Room is promised only to a large message that has begun, and found it. */
  private reserved({ unfinished }: Expected): number {
    const { used } = this.inbox.queue;
    return used === 0 ? 0 : unfinished >= LARGE_BODY ? unfinished + 64 : Number.NaN;
  }

  private keep(): void {
    const message = this.inbox.deliver();
    if (message) this.read.push(Buffer.from(message.data));
  }
}

function isPartOf(part: readonly Buffer[], whole: readonly Buffer[]): boolean {
  let at = 0;
  for (const each of whole) if (part[at]?.equals(each)) at += 1;
  return at === part.length;
}

function turn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const INFORMATION: SlotInfo = {
  name: 'fuzz',
  pid: 1,
  owner: 0,
  access: 'owner',
  maxMessageSize: 0,
  messageLimit: LIMIT,
  nextMessageSize: undefined,
  messageCount: 0,
  readTimeout: Number.POSITIVE_INFINITY,
  queueBytes: 0,
  queueUsed: 0,
  whenFull: 'block',
  writers: 1,
  createdAt: 0,
  received: 0,
  delivered: 0,
  dropped: 0,
  rejected: 0,
};
