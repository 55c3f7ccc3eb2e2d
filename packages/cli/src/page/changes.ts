import type { Change } from '@mailslot/web/api';
import { KEPT_BYTES_MAX } from './limits.js';

interface Kept {
  readonly sequence: number;
  readonly frame: string;
}

/** The changes, numbered, and the latest of them kept for pages that were away for a moment. */
export class Changes {
  #sequence = 0;
  #kept: Kept[] = [];
  #keptBytes = 0;

  get sequence(): number {
    return this.#sequence;
  }

  /** The change as an event for all who follow. */
  add(change: Change): string {
    this.#sequence += 1;
    const frame = `event: change\nid: ${this.#sequence}\ndata: ${JSON.stringify(change)}\n\n`;
    this.#kept.push({ sequence: this.#sequence, frame });
    this.#keptBytes += frame.length;
    while (this.#keptBytes > KEPT_BYTES_MAX) this.#keptBytes -= this.#kept.shift()!.frame.length;
    return frame;
  }

  /** The events after that one; undefined if not all of them are there any more. */
  after(sequence: number): string[] | undefined {
    if (sequence > this.#sequence || sequence < this.#sequence - this.#kept.length) return undefined;
    return this.#kept.filter((kept) => kept.sequence > sequence).map(({ frame }) => frame);
  }
}
