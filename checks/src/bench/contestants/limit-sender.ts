import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Sender } from './contestant.js';

const BLOCK = 256 << 10;
/** From this length on a body is written as it is. */
const LARGE = 16 << 10;
const HIGH_WATER_MARK = 1 << 20;

/** Packs messages into blocks and writes one when it is full, or at the end of the turn; large ones go as they are. */
export class LimitSender implements Sender {
  private readonly socket: Socket;
  private readonly free: Buffer[] = [];
  private block: Buffer = Buffer.allocUnsafeSlow(BLOCK);
  private end = 0;
  private isDue = false;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  send(body: Buffer): Promise<unknown> | undefined {
    const size = body.length;
    if (this.end + 4 + size > BLOCK || size >= LARGE) this.leave();
    const { block, end } = this;
    block[end] = size;
    block[end + 1] = size >>> 8;
    block[end + 2] = size >>> 16;
    block[end + 3] = size >>> 24;
    if (size < LARGE) {
      block.set(body, end + 4);
      this.end = end + 4 + size;
      this.leaveSoon();
    } else {
      this.end = end + 4;
      this.socket.cork();
      this.leave();
      this.socket.write(body);
      this.socket.uncork();
    }
    return this.socket.writableLength < HIGH_WATER_MARK ? undefined : once(this.socket, 'drain');
  }

  flush(): undefined {
    this.leave();
  }

  async close(): Promise<void> {
    this.leave();
    const closed = once(this.socket, 'close');
    this.socket.end();
    this.socket.resume();
    await closed;
  }

  private leaveSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    process.nextTick(() => {
      this.isDue = false;
      this.leave();
    });
  }

  private leave(): void {
    if (this.end === 0) return;
    const { block, end } = this;
    this.socket.write(block.subarray(0, end), () => this.free.push(block));
    this.block = this.free.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
    this.end = 0;
  }
}
