import { MailslotError } from '../../errors.js';
import type { Message } from '../message.js';

/** What an iterator needs of its slot. */
export interface MessageSource {
  /** The oldest message, if it may be taken at once. */
  readonly tryTake: () => Message | undefined;
  /** Waits for one. */
  readonly wait: (signal: AbortSignal) => Promise<Message>;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** `for await` over a slot. Written by hand: a generator would cost each message twice as much. */
export class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #source: MessageSource;
  readonly #left = new AbortController();

  constructor(source: MessageSource) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#left.signal.aborted) return Promise.resolve(DONE);
    const message = this.#source.tryTake();
    return message === undefined ? this.#wait() : Promise.resolve({ done: false, value: message });
  }

  /** Ends the iteration; a step that is still waiting ends too, and so cannot swallow a message. */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#left.abort();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #wait(): Promise<IteratorResult<Message, undefined>> {
    try {
      return { done: false, value: await this.#source.wait(this.#left.signal) };
    } catch (error) {
      const isEnd = error instanceof MailslotError && error.code === 'ERR_MAILSLOT_CLOSED';
      if (isEnd || this.#left.signal.aborted) return DONE;
      throw error;
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
