import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { u32At } from '../bytes/reader.js';
import { putU32 } from '../bytes/writer.js';
import { MAX_DOMAINS, MAX_OPEN_WINDOWS, MAX_WINDOWS, WINDOW_MESSAGES } from '../limits.js';
import type { Log } from '../ports/log.js';
import { putU64, readU64, recordBytes } from './window-record.js';
import {
  type WindowBounds,
  type WindowKeeper,
  type WindowStore,
  Windows,
  type WindowsLeft,
} from './windows.js';

/*
 * The file: a head of 64 bytes, then the records of `window-record.ts`.
 *
 *      0   4  "MSWN"
 *      4   4  version 1
 *      8   4  bits of a window
 *     12   4  0
 *     16  16  which start of the computer's system wrote it, 0 where that cannot be told
 *     32   8  floor of instances that have no record
 *     40  24  0
 *
 * Written without fsync: what a process wrote survives it. It does not survive the system, which is why a file of an
 * earlier start of the system counts as none.
 */
const FILE_HEAD = 64;
const MAGIC = 0x4e_57_53_4d;
const VERSION = 1;
const BOOT = 16;
const FLOOR = 32;

/**
 * Windows that the next process with this file knows too. If the file cannot be written, that is logged, messages are
 * delivered all the same, and the next process takes only what is sent after its start, as if there had been no file.
 */
export function fileWindows(path: string, bounds: WindowBounds = {}): WindowStore {
  return new Windows(new WindowFile(path, bounds.messages ?? WINDOW_MESSAGES), bounds);
}

class WindowFile implements WindowKeeper {
  private readonly path: string;
  private readonly width: number;
  private descriptor: number | undefined;
  private log: Log | undefined;

  constructor(path: string, width: number) {
    this.path = path;
    this.width = width;
  }

  open(now: number, log: Log): WindowsLeft | undefined {
    this.log = log;
    try {
      const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
      this.descriptor = openSync(this.path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
      const left = this.read(this.descriptor);
      if (left !== undefined) return left;
      ftruncateSync(this.descriptor, 0);
      this.putHead(this.descriptor, now);
    } catch (error) {
      this.giveUp(error);
    }
    return undefined;
  }

  write(image: Buffer, at: number): void {
    if (this.descriptor === undefined) return;
    try {
      writeAll(this.descriptor, image, at, recordBytes(this.width), FILE_HEAD + at);
    } catch (error) {
      this.giveUp(error);
    }
  }

  setFloor(floor: number): void {
    if (this.descriptor === undefined) return;
    try {
      this.putHead(this.descriptor, floor);
    } catch (error) {
      this.giveUp(error);
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  /**
   * A full disk must not stop messages, and must not let one come twice. So the file goes: this run has its windows
   * in memory, and the next one, finding none, takes only messages that were sent after its start.
   */
  private giveUp(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    let outcome = 'the next start will take no messages from before it';
    try {
      this.close();
      rmSync(this.path, { force: true });
    } catch {
      outcome = 'remove it before the next start, or messages may be delivered twice then';
    }
    this.log?.warn(`what was delivered cannot be kept in ${this.path} (${reason}): ${outcome}`);
  }

  private read(descriptor: number): WindowsLeft | undefined {
    const { size } = fstatSync(descriptor);
    const record = recordBytes(this.width);
    const most = MAX_DOMAINS * (MAX_WINDOWS + MAX_OPEN_WINDOWS);
    if (size < FILE_HEAD || size > FILE_HEAD + most * record) return undefined;
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; ) {
      const got = readSync(descriptor, bytes, at, size - at, at);
      if (got === 0) return undefined;
      at += got;
    }
    const isOurs =
      u32At(bytes, 0) === MAGIC &&
      u32At(bytes, 4) === VERSION &&
      u32At(bytes, 8) === this.width &&
      bytes.subarray(BOOT, BOOT + 16).equals(systemStart());
    if (!isOurs) return undefined;
    // A record that a killed process began at the end was of a message that it did not deliver any more.
    const whole = Math.floor((size - FILE_HEAD) / record) * record;
    return { floor: readU64(bytes, FLOOR), image: bytes.subarray(FILE_HEAD, FILE_HEAD + whole) };
  }

  private putHead(descriptor: number, floor: number): void {
    const head = Buffer.alloc(FILE_HEAD);
    putU32(head, 0, MAGIC);
    putU32(head, 4, VERSION);
    putU32(head, 8, this.width);
    head.set(systemStart(), BOOT);
    putU64(head, FLOOR, floor);
    writeAll(descriptor, head, 0, FILE_HEAD, 0);
  }
}

function writeAll(descriptor: number, bytes: Buffer, at: number, length: number, position: number): void {
  const written = writeSync(descriptor, bytes, at, length, position);
  // On a disk that is just full a part is taken without an error; the rest then says why.
  if (written < length) writeAll(descriptor, bytes, at + written, length - written, position + written);
}

/** 16 bytes that are others after each start of the system. */
function systemStart(): Buffer {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    return Buffer.concat([Buffer.from(id.replace(/[^0-9a-f]/g, ''), 'hex'), Buffer.alloc(16)], 16);
  } catch {
    return Buffer.alloc(16);
  }
}
