import type { MailslotError } from '../../errors.js';
import { Fifo } from '../fifo.js';

interface Waiter {
  readonly go: () => void;
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
    return new Promise<T>((resolve, reject) => {
      const stopListening = (): void => signal?.removeEventListener('abort', abort);
      const waiter: Waiter = {
        go() {
          stopListening();
          resolve(action());
        },
        fail(error) {
          stopListening();
          reject(error);
        },
      };
      const abort = (): void => {
        this.waiters.remove(waiter);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiters.push(waiter);
    });
  }

  /** There may be room now. */
  admit(): void {
    while (this.waiters.length > 0 && this.hasRoom()) this.waiters.shift()?.go();
  }

  fail(error: MailslotError): void {
    for (let waiter = this.waiters.shift(); waiter; waiter = this.waiters.shift()) waiter.fail(error);
  }
}
