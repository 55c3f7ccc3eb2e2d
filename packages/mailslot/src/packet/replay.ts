import { PACKET_WINDOW } from '../limits.js';

/**
 * Which of the newest packets of a session were seen: a bit for each of the {@link PACKET_WINDOW} counters up to the
 * highest one, at the counter's place modulo their number.
 */
export class ReplayWindow {
  private readonly bits = new Uint32Array(PACKET_WINDOW / 32);
  private newest = 0;

  /** The highest counter that was seen. */
  get highest(): number {
    return this.newest;
  }

  /** Whether it was seen, or is too old to tell. */
  has(counter: number): boolean {
    if (counter > this.newest) return false;
    if (this.isPast(counter)) return true;
    const place = counter % PACKET_WINDOW;
    return (((this.bits[place >>> 5] as number) >>> (place & 31)) & 1) === 1;
  }

  /** Whether it is too old to tell. */
  isPast(counter: number): boolean {
    return counter <= this.newest - PACKET_WINDOW;
  }

  /** Marks it as seen, and moves the window up to it. */
  add(counter: number): void {
    if (this.isPast(counter)) return;
    if (counter > this.newest) this.advance(counter);
    const place = counter % PACKET_WINDOW;
    this.bits[place >>> 5] = (this.bits[place >>> 5] as number) | (1 << (place & 31));
  }

  private advance(counter: number): void {
    if (counter - this.newest >= PACKET_WINDOW) this.bits.fill(0);
    else for (let each = this.newest + 1; each < counter; each += 1) this.clear(each % PACKET_WINDOW);
    this.newest = counter;
    this.clear(counter % PACKET_WINDOW);
  }

  private clear(place: number): void {
    this.bits[place >>> 5] = (this.bits[place >>> 5] as number) & ~(1 << (place & 31));
  }
}
