import type { StreamEvent } from './event-stream.js';
import type { Connection } from './store.js';

/** What one tab tells the others of what the server told it. */
export type Told =
  | { readonly kind: 'event'; readonly run: string; readonly event: StreamEvent }
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** A tab is new, and would like to know how the connection is. */
  | { readonly kind: 'asked' };

/**
 * The tabs of this browser that show the page of one messenger. A browser opens six connections to a server at most, so
 * one of them follows the events and tells the others; when it is closed, another one does.
 */
export class Tabs {
  readonly #name: string;
  readonly #channel: BroadcastChannel | undefined;
  /** Ends the wait for the other tab's end. */
  #queued = new AbortController();

  /** @param token those with another one are of another messenger, or of a run that is over */
  constructor(token: string) {
    this.#name = `mailslot ${token}`;
    // Without locks every tab has a connection of its own, and there is nothing to tell.
    this.#channel = 'locks' in navigator ? new BroadcastChannel(this.#name) : undefined;
  }

  tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  hear(listener: (told: Told) => void): void {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Told>) => listener(data));
  }

  /** Does it when no other tab does, until it ends or the signal says that another tab has taken over. */
  async alone(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#channel === undefined) return run(new AbortController().signal);
    while (true) {
      const steal = this.#queued.signal.aborted;
      this.#queued = new AbortController();
      const lost = new AbortController();
      try {
        const how = steal ? { steal } : { signal: this.#queued.signal };
        return await navigator.locks.request(this.#name, how, () => run(lost.signal));
      } catch (error) {
        if ((error as Error).name !== 'AbortError') throw error;
        lost.abort();
      }
    }
  }

  /** The tab that does it is silent, as one is that the browser has put to sleep: takes it over. */
  takeOver(): void {
    this.#queued.abort();
  }
}
