import type { Socket } from 'node:net';
import { putU32 } from '../../bytes/writer.js';
import { FIRST_BLOCK, LARGE_BODY, OUTBOX_BLOCK } from '../../limits.js';
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
  private readonly sent = (): void => {
    this.look();
    this.onSent();
  };
  private readonly turnEnded = (): void => this.endTurn();
  private block: Buffer = Buffer.allocUnsafeSlow(FIRST_BLOCK);
  /** Of `block`, what is packed and not written yet. */
  private start = 0;
  private end = 0;
  /** Blocks that the system has taken, for the next time that one is full; no more than once waited together. */
  private spares: Buffer[] = [];
  /** What the socket held when it was last looked at: asking it for each message would cost more than packing. */
  private held = 0;
  /** Whether the socket took nothing any more when it was last looked at. */
  isCut = false;
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
    return this.held + this.end - this.start;
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
    this.socket.write(data, this.sent);
    this.socket.uncork();
    this.look();
  }

  private makeRoom(size: number): void {
    if (this.block.length - this.end < size) this.changeBlock();
  }

  private changeBlock(): void {
    const { block } = this;
    let isLeft = false;
    this.send(() => {
      if (isLeft) this.spares.push(block);
      this.sent();
    });
    // What the system has not taken yet must not be written over.
    if (this.held > 0 || block.length < OUTBOX_BLOCK) {
      isLeft = block.length === OUTBOX_BLOCK;
      this.block = this.spares.pop() ?? Buffer.allocUnsafeSlow(OUTBOX_BLOCK);
    }
    this.start = 0;
    this.end = 0;
  }

  private leaveSoon(): void {
    if (this.turnBegun) return;
    this.turnBegun = true;
    process.nextTick(this.turnEnded);
    if (this.lastTurn <= 1) this.leave();
  }

  private endTurn(): void {
    this.turnBegun = false;
    if (this.thisTurn <= 1) this.spares = [];
    this.lastTurn = this.thisTurn;
    this.thisTurn = 0;
    this.leave();
  }

  /** Appends a word that is no message; it leaves with what is put next. */
  say(word: number): void {
    this.makeRoom(4);
    putU32(this.block, this.end, word);
    this.end += 4;
  }

  private leave(): void {
    if (this.syncDue) this.say(SYNC);
    this.syncDue = false;
    this.send();
  }

  private send(sent: () => void = this.sent): void {
    if (this.end === this.start) return;
    const { block, start, end } = this;
    this.start = end;
    this.socket.write(block.subarray(start, end), sent);
    this.look();
  }

  private look(): void {
    this.held = this.socket.writableLength;
    this.isCut = this.socket.destroyed;
  }
}
