import { MailslotError } from '../../errors.js';
import { MAX_REOPENINGS } from '../../limits.js';
import { abortable, onAbort, throwIfAborted } from '../abort.js';
import { Ending } from '../ending.js';
import { invalid, type WaitOptions } from '../options.js';
import type { SlotInfo } from '../slot-info.js';
import { type Answer, AnswerParser } from '../wire/frames.js';
import { AckTracker } from './ack-tracker.js';
import { checkedSize, goneError, queueFull } from './check.js';
import type { Connection } from './connect.js';
import { hearLastWords } from './last-words.js';
import { Outbox } from './outbox.js';
import { RoomQueue } from './room.js';

/** What became of a client's messages so far. */
export interface ClientStatistics {
  /** Messages handed over by `write`, `writeMany` and `post`. */
  readonly sent: number;
  /** Of these, those of which the server told what it decided: taken, dropped by its rule, or refused. */
  readonly decided: number;
  /** Of these, those it refused because its queue was full (rule `reject`). */
  readonly refused: number;
  /** Sum of the lengths of the messages handed over. */
  readonly bytes: number;
  /** Bytes that the system has not taken yet, framing included. */
  readonly buffered: number;
}

/** What a client is made of. */
export interface ClientParts {
  readonly connection: Connection;
  readonly bufferBytes: number;
  /** Asks the server how the slot stands, on a connection of its own. */
  readonly askInfo: (options: WaitOptions) => Promise<SlotInfo>;
  /** Connects anew where the server may end a connection for want of room; another limit than before is refused. */
  readonly reopen?: (() => Promise<Connection>) | undefined;
}

/**
 * The client end of a mailslot: it writes. Made by `openMailslot`.
 *
 * Messages of one client arrive in the order they were handed over. An open client keeps the process alive, unless
 * `unref()` was called.
 */
export class MailslotClient implements AsyncDisposable {
  /** The name, as the server spelled it. */
  readonly name: string;
  /** The longest message the slot takes, in bytes. */
  readonly messageLimit: number;
  readonly #ending: Ending;
  readonly #parts: ClientParts;
  readonly #bufferBytes: number;
  #connection: Connection;
  #outbox: Outbox;
  readonly #acks: AckTracker;
  readonly #room: RoomQueue = new RoomQueue(() => this.#takesMore());
  #bytes = 0;
  #ended: MailslotError | undefined;
  #undecidedAtEnd = 0;
  #closing: Promise<void> | undefined;
  /** It cuts its connection itself. */
  #isLeaving = false;
  /** It had to go before it wrote anything: it connects anew when it has something to write. */
  #away: MailslotError | undefined;
  #isComing = false;
  #reopenings = 0;
  #keepsAlive = true;
  #writable: WritableStream<string | Uint8Array> | undefined;

  /** Not for users, who call `openMailslot`. */
  constructor(parts: ClientParts) {
    const { greeting } = parts.connection;
    this.name = greeting.name;
    this.messageLimit = greeting.messageLimit;
    this.#ending = new Ending(this.name, 'client');
    this.#parts = parts;
    this.#bufferBytes = parts.bufferBytes;
    this.#acks = new AckTracker(this.name);
    this.#connection = parts.connection;
    this.#outbox = this.#use(parts.connection);
  }

  #use(connection: Connection): Outbox {
    const { socket, hello, hear } = connection;
    this.#connection = connection;
    const outbox = new Outbox(socket, () => this.#admit());
    const answers = new AnswerParser();
    hear((chunk) => {
      try {
        for (const answer of answers.parse(chunk)) this.#hear(answer);
      } catch (error) {
        if (!(error instanceof MailslotError)) throw error;
        this.#end(error);
      }
    });
    hearLastWords(socket);
    socket.write(hello);
    socket.on('close', () => {
      if (this.#connection === connection && !this.#away) this.#end(goneError(this.name));
    });
    return outbox;
  }

  /**
   * Resolves once, and never rejects, also while nobody writes: with `undefined` when `close()` has ended the connection,
   * whatever `close()` itself rejects with, or with the error that ended it before. Its `code` is `ERR_MAILSLOT_CLOSED`
   * when the server closed the slot, ended or was killed (of another computer's slot: when the redirector ended),
   * `ERR_MAILSLOT_NO_RESOURCES` when the server turned the client away to have room for others, `ERR_MAILSLOT_MALFORMED`
   * when an end broke the framing, and whatever else the server gave as its reason.
   *
   * The writes fail with the same error from then on. Waiting for this does not keep the process alive.
   */
  get closed(): Promise<MailslotError | undefined> {
    return this.#ending.promise;
  }

  /**
   * Writes one message. Resolves when it is in the slot's queue (or was lost by its rule for a full queue): from then
   * on the death of this process cannot lose it.
   *
   * A string is sent as UTF-8. Bytes from 16 KiB on are not copied: leave them as they are until this resolves.
   *
   * Rejects with `ERR_MAILSLOT_MESSAGE_TOO_LARGE` (nothing was sent), `ERR_MAILSLOT_QUEUE_FULL` (rule `reject`),
   * `ERR_MAILSLOT_CLOSED` when an end was closed first, or the signal's reason; what was on its way when the
   * signal came may still arrive.
   */
  write(data: string | Uint8Array, options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    try {
      throwIfAborted(signal);
      const size = this.#checked(data);
      const send = (): Promise<void> => {
        const from = this.#count(size);
        this.#outbox.putAndAsk(data, size);
        return this.#acks.settled(from);
      };
      const written = this.#hasRoom() ? send() : this.#room.wait(send, signal);
      return signal ? abortable(written, signal) : written;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Writes messages one after the other; resolves when all are in the queue. Cheaper than a `write` for each.
   *
   * All sizes are checked first, and nothing is sent if one is too large. Rejects as `write` does; the error
   * `ERR_MAILSLOT_QUEUE_FULL` says in `messages` how many were refused, the others are in the queue.
   */
  async writeMany(list: Iterable<string | Uint8Array>, options: WaitOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    // A text or bytes would be taken apart into their characters and numbers.
    const isList =
      typeof list === 'object' && list !== null && Symbol.iterator in list && !ArrayBuffer.isView(list);
    if (!isList) throw invalid('list', 'a list of messages', typeof list);
    const messages = Array.from(list, (data) => ({ data, size: this.#checked(data) }));
    const outcomes: Promise<MailslotError | undefined>[] = [];
    let next = 0;
    const sendSome = (): 'more' | 'done' => {
      const from = this.#acks.sent;
      do {
        const { data, size } = messages[next] as { data: string | Uint8Array; size: number };
        this.#count(size);
        this.#outbox.pack(data, size);
        next += 1;
      } while (next < messages.length && this.#takesMore());
      this.#outbox.ask();
      outcomes.push(outcomeOf(this.#acks.settled(from)));
      return next < messages.length ? 'more' : 'done';
    };
    const isSent = messages.length === 0 || (this.#hasRoom() && sendSome() === 'done');
    if (!isSent) await this.#room.waitUntilDone(sendSome, options.signal);
    const all = Promise.all(outcomes).then((errors) => this.#throwAny(errors));
    await (options.signal ? abortable(all, options.signal) : all);
  }

  /**
   * Hands one message over without waiting. False: the buffer is full and the message was *not* taken; wait for
   * `drained()`. True does not mean that it arrived: refused messages are in `statistics()` and make `close()` reject.
   *
   * Throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE` and `ERR_MAILSLOT_CLOSED`. For bytes from 16 KiB on see `write`: they
   * must stay as they are until `drained()` or `close()` resolves.
   */
  post(data: string | Uint8Array): boolean {
    const size = this.#checked(data);
    if (!this.#hasRoom()) return false;
    this.#count(size);
    this.#outbox.put(data, size);
    return true;
  }

  /** Resolves when `post` has room again. Rejects with `ERR_MAILSLOT_CLOSED` or the signal's reason. */
  async drained(options: WaitOptions = {}): Promise<void> {
    throwIfAborted(options.signal);
    this.#checkOpen();
    if (!this.#hasRoom()) await this.#room.wait(() => {}, options.signal);
  }

  /**
   * Asks the server how the slot stands; never stuck behind a full queue. Rejects with `ERR_MAILSLOT_CLOSED` when
   * the server is gone.
   */
  async info(options: WaitOptions = {}): Promise<SlotInfo> {
    throwIfAborted(options.signal);
    this.#checkOpen();
    return this.#parts.askInfo(options);
  }

  /** What became of the messages so far. */
  statistics(): ClientStatistics {
    const { sent, decided, refused } = this.#acks;
    return { sent, decided, refused, bytes: this.#bytes, buffered: this.#outbox.waiting };
  }

  /**
   * This end as a WHATWG stream of messages: each chunk is posted, closing it closes the client, aborting it closes the
   * client without waiting. After an error, as of a message that is too large, there is a new one.
   */
  get writable(): WritableStream<string | Uint8Array> {
    this.#writable ??= new WritableStream<string | Uint8Array>({
      write: async (chunk, controller) => {
        try {
          // The types of Node 20 lack the signal, which Node 20 has.
          const { signal } = controller as { signal?: AbortSignal };
          while (!this.post(chunk)) await this.drained({ signal });
        } catch (error) {
          this.#writable = undefined;
          throw error;
        }
      },
      close: () => this.close(),
      // Who aborts has been told why by himself.
      abort: (reason) => this.close({ signal: AbortSignal.abort(reason) }).catch(() => {}),
    });
    return this.#writable;
  }

  /** Lets the client keep the process alive, as it does from the start. */
  ref(): this {
    this.#keepsAlive = true;
    this.#connection.socket.ref();
    return this;
  }

  /** Lets the process end although the client is open and messages may be on their way. */
  unref(): this {
    this.#keepsAlive = false;
    this.#connection.socket.unref();
    return this;
  }

  /**
   * Sends what is waiting, waits until the server has decided on all of it, and ends. The signal ends only the wait:
   * the client is closed then, and what was on its way may still arrive.
   *
   * Rejects with `ERR_MAILSLOT_QUEUE_FULL` when posted messages were refused and `ERR_MAILSLOT_CLOSED` when the
   * server went before it had decided on them, or on any message that was on its way when this was called; `messages`
   * says how many. May be called again: the signal of one call ends the client for all.
   */
  close(options: WaitOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.signal);
    return options.signal ? this.#closeAt(options.signal, this.#closing) : this.#closing;
  }

  /** As `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Who closes again may be in more of a hurry. */
  async #closeAt(signal: AbortSignal, closing: Promise<void>): Promise<void> {
    const hurry = (): void => {
      this.#isLeaving = true;
      this.#end(hurried(this.name));
    };
    if (signal.aborted) hurry();
    const stopListening = onAbort(signal, hurry);
    try {
      await abortable(closing, signal);
    } finally {
      stopListening();
    }
  }

  async #close(signal: AbortSignal | undefined): Promise<void> {
    try {
      signal?.throwIfAborted();
      if (this.#room.length > 0 && !this.#ended) await this.#room.wait(() => {}, signal);
      if (this.#acks.decided < this.#acks.sent && !this.#ended) {
        this.#outbox.ask();
        await abortable(this.#acks.settled(this.#acks.sent), signal);
      }
    } catch (error) {
      if (error !== this.#ended) throw error;
    } finally {
      this.#isLeaving = true;
      const { socket } = this.#connection;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      if (!socket.closed) await closed;
      this.#ending.settle(undefined);
    }
    if (this.#undecidedAtEnd > 0) throw this.#lostError(this.#undecidedAtEnd);
    if (this.#acks.refusedPosts > 0) throw queueFull(this.name, this.#acks.refusedPosts);
  }

  #hear(answer: Answer): void {
    if (answer.type === 'taken') this.#acks.markDecided(answer.count);
    else if (answer.type === 'refused') this.#acks.markRefused(answer.first, answer.count);
    else if (answer.type === 'fault') this.#end(answer.error);
  }

  /** The connection is over: everybody who waits is told, once. */
  #end(error: MailslotError): void {
    if (this.#ended) return;
    if (this.#mayComeBack(error)) {
      this.#away = error;
      this.#connection.socket.destroy();
      if (this.#room.length > 0) this.#comeBack();
      return;
    }
    this.#ended = error;
    // Whoever closes is told of all messages; before, those who wrote are told each of their own.
    const { sent, decided, undecidedPosts } = this.#acks;
    this.#undecidedAtEnd = this.#closing ? sent - decided : undecidedPosts;
    this.#acks.fail(error);
    this.#room.fail(error);
    this.#connection.socket.destroy();
    if (!this.#isLeaving) this.#ending.settle(error);
  }

  #mayComeBack(error: MailslotError): boolean {
    const mayRepeat = this.#reopenings < MAX_REOPENINGS && this.#acks.sent === 0 && !this.#away;
    return mayRepeat && this.#parts.reopen !== undefined && error.code === 'ERR_MAILSLOT_NO_RESOURCES';
  }

  /** Those who write meanwhile wait as for room in the buffer. */
  #comeBack(): void {
    if (!this.#away || this.#isComing) return;
    this.#isComing = true;
    this.#reopenings += 1;
    this.#parts.reopen?.().then(
      (connection) => {
        this.#isComing = false;
        this.#away = undefined;
        this.#outbox = this.#use(connection);
        if (!this.#keepsAlive) connection.socket.unref();
        if (this.#ended || (this.#closing && this.#room.length === 0)) connection.socket.destroy();
        else this.#room.admit();
      },
      (error: unknown) => this.#end(error instanceof MailslotError ? error : goneError(this.name)),
    );
  }

  /**
   * Lets those go on who wait for room, once there is room for many messages. Not as late as possible either: while
   * they fill the buffer the system gets nothing.
   */
  #admit(): void {
    if (this.#room.length > 0 && this.#outbox.waiting <= this.#bufferBytes * 0.75) this.#room.admit();
  }

  /** Whether the buffer takes one more message. */
  #takesMore(): boolean {
    if (this.#away) return false;
    return this.#outbox.waiting < this.#bufferBytes && !this.#outbox.isCut;
  }

  /** Whether it does, and nobody has waited for that before. */
  #hasRoom(): boolean {
    this.#comeBack();
    return this.#room.length === 0 && this.#takesMore();
  }

  /** Numbers a message that is handed over. */
  #count(size: number): number {
    this.#bytes += size;
    this.#acks.sent += 1;
    return this.#acks.sent - 1;
  }

  /** The message's size, when this client can send it. */
  #checked(data: string | Uint8Array): number {
    this.#checkOpen();
    return checkedSize(data, this.name, this.messageLimit);
  }

  #checkOpen(): void {
    if (this.#ended) throw this.#ended;
    if (this.#closing)
      throw new MailslotError('ERR_MAILSLOT_CLOSED', `this client of ${this.name} is closed`);
  }

  #throwAny(errors: readonly (MailslotError | undefined)[]): void {
    const real = errors.filter((error) => error !== undefined);
    const other = real.find((error) => error.code !== 'ERR_MAILSLOT_QUEUE_FULL');
    if (other) throw other;
    if (real.length > 0)
      throw queueFull(
        this.name,
        real.reduce((sum, error) => sum + (error.messages ?? 0), 0),
      );
  }

  #lostError(messages: number): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_CLOSED',
      `the connection to ${this.name} ended before the server had said what became of ${messages} messages`,
      { messages, cause: this.#ended },
    );
  }
}

function hurried(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_CLOSED',
    `this client of ${name} was closed by a signal before the server had decided on everything`,
  );
}

async function outcomeOf(promise: Promise<void>): Promise<MailslotError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error as MailslotError;
  }
}
