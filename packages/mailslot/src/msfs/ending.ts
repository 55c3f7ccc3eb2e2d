import type { MailslotError } from '../errors.js';
import { diagnostics } from './diagnostics.js';

/** How one end of a mailslot ended: known once, and told to whoever asks before or after. */
export class Ending {
  /** Resolves with the reason, `undefined` when the end was closed by its own `close()`. Never rejects. */
  readonly promise: Promise<MailslotError | undefined>;
  readonly #of: { readonly name: string; readonly end: 'slot' | 'client' };
  #resolve: ((error: MailslotError | undefined) => void) | undefined;

  constructor(name: string, end: 'slot' | 'client') {
    this.#of = { name, end };
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The first reason is the one that counts. */
  settle(error: MailslotError | undefined): void {
    if (!this.#resolve) return;
    this.#resolve(error);
    this.#resolve = undefined;
    if (diagnostics.closed.hasSubscribers) diagnostics.closed.publish({ ...this.#of, error });
  }
}
