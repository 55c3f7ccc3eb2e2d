import type { MailslotError } from '../../errors.js';
import { onAbort } from '../abort.js';

interface Waiter {
  /** Does what was waited for, or a part of it; true when nothing is left to do. */
  readonly go: () => boolean;
  readonly fail: (error: MailslotError) => void;
}

/** Those who wait until a client's buffer has room, in their order. */
export class RoomQueue {
  private readonly waiters = new Set<Waiter>();
  private readonly hasRoom: () => boolean;

  constructor(hasRoom: () => boolean) {
    this.hasRoom = hasRoom;
  }

  get length(): number {
    return this.waiters.size;
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
    for (const waiter of this.waiters) {
      while (this.hasRoom()) {
        if (!waiter.go()) continue;
        this.waiters.delete(waiter);
        break;
      }
      if (!this.hasRoom()) return;
    }
  }

  private queue<T>(
    go: (resolve: (value: T | Promise<T>) => void) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stopListening = onAbort(signal, () => {
        this.waiters.delete(waiter);
        reject(signal?.reason);
      });
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
      this.waiters.add(waiter);
    });
  }

  fail(error: MailslotError): void {
    for (const waiter of this.waiters) {
      this.waiters.delete(waiter);
      waiter.fail(error);
    }
  }
}
