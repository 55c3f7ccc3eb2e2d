import { clearMarks, isMarked, mark, recordBytes } from './window-record.js';

/**
 * Numbers of one instance that follow each other. A member can say any number, and any time, in another one's name: so
 * a leap begins a line of its own, whose time stamps have no bearing on those of the line that leapt, and that one goes
 * on as if nothing had been said. Each number is of one line alone, so that none is new in both.
 */
export interface Line {
  /** Lower numbers are not of this line. */
  start: number;
  /** The highest counter received. */
  highest: number;
  /** The latest time stamp received. */
  stamp: number;
  /** Messages stamped before this may have been delivered, and nobody would know. */
  floor: number;
  /** Where its record is in the image. */
  readonly at: number;
}

/** The line below another one, in an image of its own. */
export interface LowerLine extends Line {
  readonly image: Buffer;
}

/** Where a line starts that a number begins: those that it overtook are of it. */
export function startOf(counter: number, width: number): number {
  return Math.max(0, counter - width + 1);
}

/** A line of which nothing was received yet. */
export function lowerLine(width: number, counter: number, floor: number): LowerLine {
  const image = Buffer.alloc(recordBytes(width));
  const start = startOf(counter, width);
  return { start, highest: counter, stamp: Number.NEGATIVE_INFINITY, floor, image, at: 0 };
}

/** Notes a number; or says why it is not new. */
export function takeIn(
  line: Line,
  image: Buffer,
  width: number,
  counter: number,
  stamp: number,
): 'duplicate' | 'clock' | undefined {
  if (stamp < line.floor) return 'clock';
  if (!mark(image, line.at, width, line.highest, counter)) {
    // Sent later than all that came, so it is new: its number was used up by somebody else.
    if (stamp <= line.stamp) return 'duplicate';
    clearMarks(image, line.at, width);
    line.floor = line.stamp + 1;
    line.highest = counter;
    mark(image, line.at, width, counter, counter);
  }
  if (counter > line.highest) line.highest = counter;
  if (stamp > line.stamp) line.stamp = stamp;
  return undefined;
}

/** Whether it was noted, or is so old that it may have been. */
export function hasIn(line: Line, image: Buffer, width: number, counter: number, stamp: number): boolean {
  if (stamp > line.stamp) return false;
  return stamp < line.floor || isMarked(image, line.at, width, line.highest, counter);
}

/** Makes one line of two: all numbers of the lower one count as received. */
export function joinLower(line: Line, lower: Line, image: Buffer, width: number): void {
  for (let each = Math.max(lower.start, line.highest - width + 1); each < line.start; each += 1) {
    mark(image, line.at, width, line.highest, each);
  }
  line.start = lower.start;
  line.stamp = Math.max(line.stamp, lower.stamp);
}
