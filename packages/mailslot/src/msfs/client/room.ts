import type { MailslotError } from '../../errors.js';
import { Fifo } from '../fifo.js';

interface Waiter {
  /** Does what was waited for, or a part of it; true when nothing is left to do. */
  readonly go: () => boolean;
  readonly fail: (error: MailslotError) => void;
}

/** Those who wait until a client's buffer has room, in their order. */
export class RoomQueue {
  private readonly waiters = new Fifo<Waiter>();
  private readonly hasRoom: () => boolean;

  constructor(hasRoom: () => boolean) {
    this.hasRoom = hasRoom;
  }

  get length(): number {
    return this.waiters.length;
  }

  /** Does `action` when there is room and all who came before have had their turn. */
  wait<T>(action: () => T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.queue((resolve) => {
      resolve(action());
      return true;
    }, signal);
  }

  /** As {@link wait}, and again as long as `action` says that there is more to do; nobody gets in between. */
  waitUntilDone(action: () => 'more' | 'done', signal: AbortSignal | undefined): Promise<void> {
    return this.queue((resolve) => {
      if (action() === 'more') return false;
      resolve();
      return true;
    }, signal);
  }

  /** There may be room now. */
  admit(): void {
    for (let waiter = this.waiters.peek(); waiter && this.hasRoom(); waiter = this.waiters.peek()) {
      if (waiter.go()) this.waiters.shift();
    }
  }

  private queue<T>(
    go: (resolve: (value: T | Promise<T>) => void) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        this.waiters.remove(waiter);
        reject(signal?.reason);
      };
      const stopListening = (): void => signal?.removeEventListener('abort', abort);
      const waiter: Waiter = {
        go() {
          const isDone = go(resolve);
          if (isDone) stopListening();
          return isDone;
        },
        fail(error) {
          stopListening();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiters.push(waiter);
    });
  }

  fail(error: MailslotError): void {
    for (let waiter = this.waiters.shift(); waiter; waiter = this.waiters.shift()) waiter.fail(error);
  }
}
