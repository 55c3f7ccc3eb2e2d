import type { Message } from '../message.js';
import type { CancelableRead } from './reads.js';

/** What an iterator or a stream needs of its slot. */
export interface MessageSource {
  /** The oldest message, if it may be taken at once. */
  readonly tryTake: () => Message | undefined;
  /** Waits for one, and makes something of it in the moment in which it is taken. */
  readonly wait: <T>(use: (message: Message) => T) => CancelableRead<T>;
  readonly isClosed: () => boolean;
}

type Step = IteratorResult<Message, undefined>;

const DONE: Step = { done: true, value: undefined };

/** `for await` over a slot. Written by hand: a generator would cost each message twice as much. */
export class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #source: MessageSource;
  readonly #pending = new Set<CancelableRead<Step>>();
  #hasEnded = false;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  next(): Promise<Step> {
    if (this.#hasEnded) return Promise.resolve(DONE);
    const message = this.#source.tryTake();
    return message === undefined ? this.#wait() : Promise.resolve({ done: false, value: message });
  }

  /** Ends the iteration; a step that still waits ends too, and so cannot swallow a message. */
  return(): Promise<Step> {
    this.#hasEnded = true;
    for (const read of this.#pending) read.cancel(undefined);
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #wait(): Promise<Step> {
    if (this.#source.isClosed()) return DONE;
    const read = this.#source.wait((message): Step => ({ done: false, value: message }));
    this.#pending.add(read);
    try {
      return await read.promise;
    } catch (error) {
      if (this.#hasEnded || this.#source.isClosed()) return DONE;
      throw error;
    } finally {
      this.#pending.delete(read);
    }
  }
}

/**
 * The messages as a stream that takes none before it is read. A message is put into the stream in the moment in which
 * it is taken: a stream that is cancelled in that very turn has handed it on, or has not taken it. `onEnd` is called when it ended, by being cancelled or by a time-out.
 */
export function messageStream(source: MessageSource, onEnd: () => void): ReadableStream<Message> {
  let pending: CancelableRead<void> | undefined;
  return new ReadableStream<Message>(
    {
      async pull(controller) {
        const message = source.tryTake();
        if (message) return controller.enqueue(message);
        if (source.isClosed()) return controller.close();
        pending = source.wait((next) => controller.enqueue(next));
        try {
          await pending.promise;
        } catch (error) {
          if (source.isClosed()) return controller.close();
          onEnd();
          throw error;
        }
      },
      cancel() {
        pending?.cancel(undefined);
        onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}
