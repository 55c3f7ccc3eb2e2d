import type { Socket } from 'node:net';
import { putU32 } from '../../bytes/writer.js';
import { LARGE_BODY, OUTBOX_BLOCK } from '../../limits.js';
import { SYNC } from '../wire/frames.js';

/**
 * Packs frames into blocks, so that many messages cost one call to the system.
 *
 * The first message of a turn of the event loop leaves at once, since it may be the only one; the others of that
 * turn leave together at its end. After a turn with many, the next one packs from its first message on.
 */
export class Outbox {
  private readonly socket: Socket;
  private readonly onSent: () => void;
  private block: Buffer = Buffer.allocUnsafeSlow(OUTBOX_BLOCK);
  private start = 0;
  private end = 0;
  private syncDue = false;
  private turnBegun = false;
  private thisTurn = 0;
  private lastTurn = 0;

  /** @param onSent is called when the system has taken bytes. */
  constructor(socket: Socket, onSent: () => void) {
    this.socket = socket;
    this.onSent = onSent;
  }

  /** Bytes that the system has not taken. */
  get waiting(): number {
    return this.socket.writableLength + this.end - this.start;
  }

  /** Appends a message of `size` bytes. A large one is not copied: it must stay as it is until it is sent. */
  put(data: string | Uint8Array, size: number): void {
    this.pack(data, size);
    this.thisTurn += 1;
    this.leaveSoon();
  }

  /** As {@link put}, but it leaves only with what is put later, or with {@link ask}, unless it is large. */
  pack(data: string | Uint8Array, size: number): void {
    if (size < LARGE_BODY) this.packSmall(data, size);
    else this.sendLarge(typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** As {@link put}, and asks the server to say when it is taken: once for all that leaves together. */
  putAndAsk(data: string | Uint8Array, size: number): void {
    this.syncDue = true;
    this.put(data, size);
  }

  /** Sends what is packed now, and asks the server to say when all of it is taken. */
  ask(): void {
    this.syncDue = true;
    this.leave();
  }

  private packSmall(data: string | Uint8Array, size: number): void {
    this.makeRoom(4 + size);
    putU32(this.block, this.end, size);
    if (typeof data === 'string') this.block.write(data, this.end + 4);
    else this.block.set(data, this.end + 4);
    this.end += 4 + size;
  }

  private sendLarge(data: Uint8Array): void {
    this.makeRoom(4);
    putU32(this.block, this.end, data.length);
    this.end += 4;
    this.socket.cork();
    this.send();
    this.socket.write(data, this.onSent);
    this.socket.uncork();
  }

  private makeRoom(size: number): void {
    if (OUTBOX_BLOCK - this.end >= size) return;
    this.send();
    // What the system has not taken yet must not be written over.
    if (this.socket.writableLength > 0) this.block = Buffer.allocUnsafeSlow(OUTBOX_BLOCK);
    this.start = 0;
    this.end = 0;
  }

  private leaveSoon(): void {
    if (this.turnBegun) return;
    this.turnBegun = true;
    process.nextTick(() => this.endTurn());
    if (this.lastTurn <= 1) this.leave();
  }

  private endTurn(): void {
    this.turnBegun = false;
    this.lastTurn = this.thisTurn;
    this.thisTurn = 0;
    this.leave();
  }

  private leave(): void {
    if (this.syncDue) {
      this.makeRoom(4);
      putU32(this.block, this.end, SYNC);
      this.end += 4;
      this.syncDue = false;
    }
    this.send();
  }

  private send(): void {
    if (this.end === this.start) return;
    const { block, start, end } = this;
    this.start = end;
    this.socket.write(block.subarray(start, end), this.onSent);
  }
}
