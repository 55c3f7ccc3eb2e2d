import type { Socket } from 'node:net';
import { isUint8Array } from 'node:util/types';
import { MailslotError } from '../../errors.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import type { Ports } from '../../ports/ports.js';
import { onAbort, throwIfAborted } from '../abort.js';
import { diagnostics } from '../diagnostics.js';
import { Ending } from '../ending.js';
import type { Message } from '../message.js';
import type { NameSpace } from '../namespace/name-space.js';
import {
  type ConsumeOptions,
  consumeSettings,
  invalid,
  type ReadOptions,
  type SlotSettings,
  timeoutMs,
} from '../options.js';
import type { SlotInfo } from '../slot-info.js';
import { encodeGreeting } from '../wire/greeting.js';
import { serveByEvents, serveClient } from './accept.js';
import { Address } from './address.js';
import { Consumer } from './consumer.js';
import { Inbox } from './inbox.js';
import { MessageIterator, type MessageSource, messageStream } from './iterator.js';
import type { BytesHandler } from './queue.js';
import { PendingReads } from './reads.js';

/** What the server end knows at once of its own queue; the four values of Windows' GetMailslotInfo. */
export interface MailslotInfo {
  /** As given at creation, in bytes; 0: no limit of the slot's own. */
  readonly maxMessageSize: number;
  /** Length in bytes of the message that is read next; `undefined` when none waits. */
  readonly nextMessageSize: number | undefined;
  /** Messages that wait. */
  readonly messageCount: number;
  /** Milliseconds; `Infinity`: forever. */
  readonly readTimeout: number;
}

/** Every message a slot was sent is in here: received = delivered + dropped + still waiting; rejected stand apart. */
export interface MailslotStatistics {
  /** Messages taken from writers, those dropped since included. */
  readonly received: number;
  /** Messages read. */
  readonly delivered: number;
  /** Messages lost after or instead of being queued, by reason. */
  readonly dropped: {
    /** Rule `drop-oldest`: pushed out by later ones. */
    readonly oldest: number;
    /** Rule `drop-newest` (and `drop-oldest` when larger ones were arriving): no room. */
    readonly newest: number;
    /** Not read when the slot was closed. */
    readonly unread: number;
  };
  /** Messages refused by the rule `reject`; their writers were told. */
  readonly rejected: number;
  /** Sum of the lengths of the received messages that were queued. */
  readonly bytes: number;
  /** Writers connected now. */
  readonly writers: number;
  /** Connections cut off because they broke the framing or did not finish a message. */
  readonly faults: number;
}

/**
 * Brings a slot the messages of other computers: `serve` takes each connection on which the redirector will say
 * hello and hand them over.
 */
export type ConnectFeed = (serve: (socket: Socket) => void) => Feed;

export interface Feed {
  /** Resolves when messages can come, or it is known that none can for now. Never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Is called with each message. A promise that it returns is awaited: see `concurrency` in {@link ConsumeOptions}. */
export type MessageHandler = ((message: Message) => void) | ((message: Message) => Promise<void>);

/**
 * The server end of a mailslot: it owns the queue and reads from it. Made by `createMailslot`.
 *
 * Reading takes the oldest message, whichever way is used: `read`, `tryRead`, `readInto`, iteration, `consume` and
 * `readable` may be mixed, and each message goes to exactly one of them. Reads that wait are served in their order.
 *
 * The slot ends with `close()` or with its process; what is unread then is lost. Until then it keeps the process
 * alive, unless `unref()` was called.
 */
export class Mailslot implements AsyncIterable<Message>, AsyncDisposable {
  /** The name, as it was spelled at creation. */
  readonly name: string;
  /** The root folder it was created in. */
  readonly root: string;
  readonly #ending: Ending;
  readonly #settings: SlotSettings;
  readonly #greeting: Uint8Array;
  readonly #inbox: Inbox;
  readonly #reads: PendingReads;
  readonly #createdAt: number;
  /** Who made its place, whoever this process becomes later. */
  readonly #owner = process.geteuid?.();
  #readTimeout: number;
  #address: Address | undefined;
  #feed: Feed | undefined;
  #consumer: Consumer | undefined;
  #readable: ReadableStream<Message> | undefined;
  #closing: Promise<void> | undefined;
  #unread = 0;

  private constructor(name: SlotName, root: string, settings: SlotSettings, ports: Ports) {
    this.name = formatName(name);
    this.root = root;
    this.#ending = new Ending(this.name, 'slot');
    this.#settings = settings;
    this.#readTimeout = settings.readTimeout;
    this.#createdAt = ports.clock.now();
    this.#reads = new PendingReads(this.name, ports.clock);
    this.#inbox = new Inbox({
      name: this.name,
      messageLimit: settings.messageLimit,
      queueBytes: settings.queueBytes,
      whenFull: settings.whenFull,
      info: () => this.#slotInfo(),
      onArrival: () => this.#serve(),
      ports,
    });
    const { maxMessageSize, messageLimit } = settings;
    this.#greeting = encodeGreeting({ maxMessageSize, messageLimit, pid: process.pid, name: this.name });
  }

  /** Not for users, who call `createMailslot`. */
  static async create(
    name: SlotName,
    space: NameSpace,
    settings: SlotSettings,
    ports: Ports,
    connectFeed?: ConnectFeed,
  ): Promise<Mailslot> {
    const slot = new Mailslot(name, space.root, settings, ports);
    const serve = (socket: Socket): void => serveClient(socket, slot.#inbox, slot.#greeting);
    const onLost = (error: MailslotError): void => slot.#ending.settle(error);
    slot.#address = await Address.claim({ name, space, access: settings.access, serve, onLost, ports });
    slot.#feed = connectFeed?.((socket) => serveByEvents(socket, slot.#inbox, slot.#greeting, 'redirector'));
    await slot.#feed?.ready;
    if (diagnostics.create.hasSubscribers) diagnostics.create.publish({ name: slot.name, root: slot.root });
    return slot;
  }

  /**
   * Resolves once, and never rejects: with `undefined` when `close()` has given everything back, whatever `close()`
   * itself rejects with, or with the error when the slot's place was removed and could not be taken again. Its `code` is
   * `ERR_MAILSLOT_ALREADY_EXISTS` when another process has the name now, `ERR_MAILSLOT_ACCESS_DENIED`,
   * `ERR_MAILSLOT_UNUSABLE_ROOT`, `ERR_MAILSLOT_NO_RESOURCES` or `ERR_MAILSLOT_IO`.
   *
   * After an error the slot is still open, since closing it would lose what is unread: connected writers go on, new ones
   * do not find it, and it goes on trying to take its place. Close it if that is not what you want.
   *
   * A removed place is noticed within a minute. A redirector that ends does not end the slot. Waiting for this does not
   * keep the process alive.
   */
  get closed(): Promise<MailslotError | undefined> {
    return this.#ending.promise;
  }

  /** How long a read waits that begins from now on, in milliseconds; `Infinity`: forever, 0: not at all. */
  get readTimeout(): number {
    return this.#readTimeout;
  }

  set readTimeout(ms: number) {
    this.#readTimeout = timeoutMs('readTimeout', ms);
  }

  /**
   * Takes the oldest message, or waits for one.
   *
   * Rejects with `ERR_MAILSLOT_TIMEOUT` after `timeout`, `ERR_MAILSLOT_CLOSED` when the slot is closed, and with the
   * signal's reason; no message is lost then.
   */
  async read(options: ReadOptions = {}): Promise<Message> {
    return this.#wait(() => this.#inbox.deliver() as Message, options);
  }

  /** Takes the oldest message if there is one. Throws `ERR_MAILSLOT_CLOSED`. */
  tryRead(): Message | undefined {
    this.#checkOpen();
    return this.#inbox.deliver();
  }

  /**
   * Copies the oldest message to the front of `buffer` and returns its length.
   *
   * Rejects as `read` does, and with `ERR_MAILSLOT_BUFFER_TOO_SMALL` (`size` is what it takes) when the message is
   * longer than the buffer: the message stays where it is.
   */
  async readInto(buffer: Uint8Array, options: ReadOptions = {}): Promise<number> {
    if (!isUint8Array(buffer)) throw invalid('buffer', 'a Uint8Array', typeof buffer);
    return this.#wait(() => {
      const size = this.#inbox.queue.nextSize as number;
      if (size > buffer.length) throw tooSmall(this.name, size, buffer.length);
      buffer.set((this.#inbox.deliver() as Message).data);
      return size;
    }, options);
  }

  /**
   * Hands every message to `handler` as soon as it arrives, without a promise a message. While `concurrency` promises
   * that `handler` has returned are pending, messages stay in the queue.
   *
   * Resolves when the slot is closed. Rejects with the signal's reason, or, unless there is `onError`, with what
   * `handler` throws or its promise rejects with: that message counts as read, those after it stay. In each case it
   * settles when every promise of `handler` has, and `handler` is not called meanwhile. One consumer at a time, else
   * `ERR_MAILSLOT_INVALID_ARGUMENT`.
   */
  async consume(handler: MessageHandler, options: ConsumeOptions = {}): Promise<void> {
    checkHandler(handler);
    return this.#consume(() => handler(this.#inbox.deliver() as Message), false, options);
  }

  /**
   * As `consume`, without an object a message: the fastest way to read. A message is in `bytes` from `start` up to, not
   * including, `end`, and only until `handler` returns, be it a promise: the bytes are written over afterwards. Copy
   * what you keep.
   */
  async consumeBytes(handler: BytesHandler, options: ConsumeOptions = {}): Promise<void> {
    checkHandler(handler);
    return this.#consume(() => this.#inbox.deliverBytes(handler), true, options);
  }

  /**
   * All messages, until the slot is closed. Each step waits as `read()` does, and so throws `ERR_MAILSLOT_TIMEOUT`
   * after `readTimeout`. Leaving the loop leaves the slot open and loses nothing.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message> {
    return new MessageIterator(this.#source());
  }

  /**
   * The messages as a WHATWG stream. A message is taken when the stream is read: cancelling it loses none.
   * After it was cancelled, or a read timed out, there is a new one.
   */
  get readable(): ReadableStream<Message> {
    this.#readable ??= messageStream(this.#source(), () => {
      this.#readable = undefined;
    });
    return this.#readable;
  }

  /** How the queue stands now. Throws `ERR_MAILSLOT_CLOSED`. */
  info(): MailslotInfo {
    this.#checkOpen();
    const { nextSize, count } = this.#inbox.queue;
    return {
      maxMessageSize: this.#settings.maxMessageSize,
      nextMessageSize: nextSize,
      messageCount: count,
      readTimeout: this.#readTimeout,
    };
  }

  /** What happened so far. */
  statistics(): MailslotStatistics {
    const { received, delivered, rejected, receivedBytes, droppedOldest, droppedNewest, faults } =
      this.#inbox.counters;
    return {
      received,
      delivered,
      dropped: { oldest: droppedOldest, newest: droppedNewest, unread: this.#unread },
      rejected,
      bytes: receivedBytes,
      writers: this.#writers(),
      faults,
    };
  }

  /** Lets the slot keep the process alive, as it does from the start. */
  ref(): this {
    this.#address?.hold(true);
    return this;
  }

  /** Lets the process end although the slot is open. */
  unref(): this {
    this.#address?.hold(false);
    return this;
  }

  /**
   * Ends the slot: the name is free when this returns its promise, reads that wait reject with
   * `ERR_MAILSLOT_CLOSED`, iteration ends, writers are told, and unread messages are lost (and counted).
   * May be called again; resolves when all descriptors are given back.
   */
  close(): Promise<void> {
    if (this.#closing) return this.#closing;
    let settle = (_outcome: Promise<void>): void => {};
    // Known before anything is done: who watches how the slot ends may call this again.
    this.#closing = new Promise((resolve) => {
      settle = resolve;
    });
    settle(this.#close());
    return this.#closing;
  }

  /** As `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      this.#address?.release();
    } finally {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    this.#feed?.close();
    const closed = this.#address?.close();
    const writersClosed = [...this.#inbox.writers].map((writer) => writer.close());
    this.#unread = this.#inbox.queue.clear();
    this.#reads.failAll(closedError(this.name));
    this.#consumer?.stop();
    if (diagnostics.close.hasSubscribers) {
      diagnostics.close.publish({ name: this.name, root: this.root, statistics: this.statistics() });
    }
    await Promise.all([closed, ...writersClosed]);
    this.#ending.settle(undefined);
  }

  async #wait<T>(take: () => T, options: ReadOptions): Promise<T> {
    this.#checkOpen();
    throwIfAborted(options.signal);
    const ms = options.timeout === undefined ? this.#readTimeout : timeoutMs('timeout', options.timeout);
    if (this.#reads.length === 0 && this.#inbox.queue.count > 0) return take();
    return this.#reads.wait(take, ms, options.signal);
  }

  async #consume(take: () => unknown, lends: boolean, options: ConsumeOptions): Promise<void> {
    const { signal, concurrency, onError } = consumeSettings(options);
    this.#checkOpen();
    throwIfAborted(signal);
    if (this.#consumer) throw invalid('consume', 'called once at a time', 'a second call');
    const consumer = new Consumer({
      take,
      concurrency,
      onError,
      onReady: () => this.#serve(),
      onStop: () => {
        // Another one may have taken over meanwhile.
        if (this.#consumer === consumer) this.#setConsumer(undefined, false);
        stopListening();
      },
    });
    const stopListening = onAbort(signal, () => consumer.stop(signal?.reason));
    this.#setConsumer(consumer, lends);
    this.#serve();
    return consumer.ended;
  }

  #setConsumer(consumer: Consumer | undefined, lends: boolean): void {
    this.#consumer = consumer;
    this.#inbox.pool.lends = lends;
  }

  #source(): MessageSource {
    return {
      tryTake: () => (this.#reads.length === 0 && !this.#closing ? this.#inbox.deliver() : undefined),
      wait: (use) => this.#reads.begin(() => use(this.#inbox.deliver() as Message), this.#readTimeout),
      isClosed: () => this.#closing !== undefined,
    };
  }

  #serve(): void {
    const { queue } = this.#inbox;
    this.#reads.serve(() => queue.count > 0);
    // The handler may stop consuming, or close the slot; another consumer may follow.
    for (let consumer = this.#consumer; consumer?.isReady && queue.count > 0; consumer = this.#consumer) {
      consumer.serve(queue);
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw closedError(this.name);
  }

  #writers(): number {
    let writers = 0;
    for (const writer of this.#inbox.writers) if (writer.counts) writers += 1;
    return writers;
  }

  #slotInfo(): SlotInfo {
    const { counters, queue } = this.#inbox;
    return {
      ...this.info(),
      name: this.name,
      pid: process.pid,
      owner: this.#owner,
      access: this.#settings.access,
      messageLimit: this.#settings.messageLimit,
      queueBytes: queue.capacity,
      queueUsed: queue.used,
      whenFull: this.#settings.whenFull,
      writers: this.#writers(),
      createdAt: this.#createdAt,
      received: counters.received,
      delivered: counters.delivered,
      dropped: counters.droppedOldest + counters.droppedNewest,
      rejected: counters.rejected,
    };
  }
}

function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw invalid('handler', 'a function', typeof handler);
}

function closedError(name: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_CLOSED', `the mailslot ${name} is closed`);
}

function tooSmall(name: string, size: number, limit: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_BUFFER_TOO_SMALL',
    `the next message of ${name} has ${size} bytes, the buffer ${limit}; the message is still there`,
    { size, limit },
  );
}
