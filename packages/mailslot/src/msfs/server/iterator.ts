import type { Message } from '../message.js';
import type { CancelableRead } from './reads.js';

/** What an iterator needs of its slot. */
export interface MessageSource {
  /** The oldest message, if it may be taken at once. */
  readonly tryTake: () => Message | undefined;
  /** Waits for one. */
  readonly wait: () => CancelableRead<Message>;
  readonly isClosed: () => boolean;
}

type Step = IteratorResult<Message, undefined>;

const DONE: Step = { done: true, value: undefined };

/** `for await` over a slot. Written by hand: a generator would cost each message twice as much. */
export class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #source: MessageSource;
  readonly #pending = new Set<CancelableRead<Message>>();
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
    const read = this.#source.wait();
    this.#pending.add(read);
    try {
      return { done: false, value: await read.promise };
    } catch (error) {
      if (this.#hasEnded || this.#source.isClosed()) return DONE;
      throw error;
    } finally {
      this.#pending.delete(read);
    }
  }
}

/** The messages of an iterator as a stream that takes none before it is read. */
export function messageStream(messages: AsyncIterableIterator<Message>): ReadableStream<Message> {
  return new ReadableStream<Message>(
    {
      async pull(controller) {
        const step = await messages.next();
        if (step.done) controller.close();
        else controller.enqueue(step.value);
      },
      async cancel() {
        await messages.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
