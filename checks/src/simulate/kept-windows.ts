import { recordBytes } from '../../../packages/mailslot/dist/redirector/window-record.js';
import {
  type WindowKeeper,
  type WindowStore,
  Windows,
  type WindowsLeft,
} from '../../../packages/mailslot/dist/redirector/windows.js';

export interface WindowSize {
  /** Messages of one instance. */
  readonly messages: number;
  readonly instances: number;
}

/** Windows for what comes from members and for what comes from anybody, in two domains at most. */
const STORES = 4;

/** The window file of one computer, without a disk: it has what was written, whenever the process is killed. */
export class KeptWindows implements WindowKeeper {
  private readonly size: WindowSize;
  private image: Buffer = Buffer.alloc(0);
  private floor: number | undefined;

  constructor(size: WindowSize) {
    this.size = size;
  }

  /** The windows of the next process. */
  store(): WindowStore {
    return new Windows(this, this.size);
  }

  /** Somebody deleted the file. */
  lose(): void {
    this.image = Buffer.alloc(0);
    this.floor = undefined;
  }

  /** Whether there is a file. */
  get isThere(): boolean {
    return this.floor !== undefined;
  }

  get bytes(): number {
    return this.image.length;
  }

  get mostBytes(): number {
    return STORES * this.size.instances * recordBytes(this.size.messages);
  }

  open(now: number): WindowsLeft | undefined {
    const { floor } = this;
    if (floor !== undefined) return { floor, image: Buffer.from(this.image) };
    this.floor = now;
    return undefined;
  }

  write(image: Buffer, at: number): void {
    const end = at + recordBytes(this.size.messages);
    if (this.image.length < end) {
      // Twice what is needed, so that a growing file is not copied for each record; free records are zeros.
      const grown = Buffer.alloc(Math.min(Math.max(2 * this.image.length, end), this.mostBytes));
      grown.set(this.image);
      this.image = grown;
    }
    image.copy(this.image, at, at, end);
  }

  setFloor(floor: number): void {
    this.floor = Math.floor(floor);
  }

  close(): void {}
}
