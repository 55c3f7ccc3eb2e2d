import { u32At } from '../../bytes/reader.js';
import { chargeOf } from './queue.js';

/** Complete messages that lie one behind the other. One object is used again and again: this is the hot path. */
export class Scan {
  count = 0;
  /** Sum of what the queue charges for them. */
  charge = 0;
  /** Where the first frame begins that is not one of them: incomplete, a request, too long, or without room. */
  end = 0;

  /** Walks over the frames in `bytes` from `at`, as long as they are complete, no longer than `limit`, and fit `room`. */
  over(bytes: Uint8Array, at: number, end: number, limit: number, room: number): void {
    let count = 0;
    let charge = 0;
    let frame = at;
    while (end - frame >= 4) {
      const size = u32At(bytes, frame);
      const next = frame + 4 + size;
      const sum = charge + chargeOf(size);
      if (size > limit || next > end || sum > room) break;
      count += 1;
      charge = sum;
      frame = next;
    }
    this.count = count;
    this.charge = charge;
    this.end = frame;
  }
}
