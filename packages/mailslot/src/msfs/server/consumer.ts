import type { MessageQueue } from './queue.js';

export interface ConsumerOptions {
  /** Hands the first message to the handler and returns what the handler returns. */
  readonly take: () => unknown;
  /** How many promises of the handler may be pending at once. */
  readonly concurrency: number;
  /** Takes what the handler throws, and what its promises reject with. Without it that stops the consumer. */
  readonly onError: ((error: unknown) => unknown) | undefined;
  /** Called when a message may be handed out again. */
  readonly onReady: () => void;
  /** Called once, when it takes messages no more. */
  readonly onStop: () => void;
}

/**
 * A callback that takes all messages, until it is stopped. A handler that returns no promise costs none; for one that
 * does, messages stay in the queue while `concurrency` of its promises are pending.
 */
export class Consumer {
  /** Settles when it was stopped and every promise of its handler has settled. */
  readonly ended: Promise<void>;
  /** Whether it takes a message now, if there is one. */
  isReady = true;
  private readonly options: ConsumerOptions;
  private readonly take: () => unknown;
  private isOn = true;
  private isServing = false;
  private pending = 0;
  /** The first error, if there is one; it may be `undefined`. */
  private failure: readonly unknown[] = [];
  private resolve = (): void => {};
  private reject = (_error: unknown): void => {};

  constructor(options: ConsumerOptions) {
    this.options = options;
    this.take = options.take;
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Takes messages as long as there are some and the handler may have them. */
  serve(queue: MessageQueue): void {
    this.isServing = true;
    try {
      while (this.isReady && queue.count > 0) {
        const result = this.take();
        if (result !== undefined && isThenable(result)) this.waitFor(result);
      }
    } catch (error) {
      // With `onError`, throwing and rejecting are the same.
      if (this.options.onError) this.waitFor(Promise.reject(error));
      else this.stop(error);
    }
    this.isServing = false;
    this.settle();
  }

  /** Takes no more: with an error, or without one when the slot was closed. The first error is what counts. */
  stop(...failure: readonly unknown[]): void {
    if (this.failure.length === 0) this.failure = failure;
    this.isReady = false;
    if (this.isOn) {
      this.isOn = false;
      this.options.onStop();
    }
    this.settle();
  }

  private waitFor(result: PromiseLike<unknown>): void {
    this.pending += 1;
    this.isReady = this.isOn && this.pending < this.options.concurrency;
    const { onError } = this.options;
    const handled = Promise.resolve(result);
    (onError ? handled.catch(onError) : handled).then(this.onSettled, this.onRejected);
  }

  private readonly onSettled = (): void => {
    this.pending -= 1;
    this.isReady = this.isOn;
    if (this.isOn) this.options.onReady();
    else this.settle();
  };

  private readonly onRejected = (error: unknown): void => {
    this.pending -= 1;
    this.stop(error);
  };

  private settle(): void {
    if (this.isOn || this.isServing || this.pending > 0) return;
    if (this.failure.length > 0) this.reject(this.failure[0]);
    else this.resolve();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
