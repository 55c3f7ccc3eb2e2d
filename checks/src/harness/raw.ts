import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createMailslot } from 'mailslot';
import type { Scene } from './scene.js';

/** Bytes from hexadecimal text in which everything after `//` of a line, and all space, is a comment. */
export function hex(text: string): Buffer {
  const digits = text.replaceAll(/\/\/.*|\s/g, '');
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error(`not hexadecimal: ${digits}`);
  return Buffer.from(digits, 'hex');
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A client of version 1 with process id 7 introduces itself. */
export const HELLO: Buffer = hex('4d534643 01 000000 07000000');
export const SYNC: Buffer = u32(0xffff_ff01);
export const INFO: Buffer = u32(0xffff_ff02);

/** The path of the only slot in a root. */
export function onlySocket(root: string): string {
  const [folder] = readdirSync(root);
  const [socket] = readdirSync(`${root}/${folder}`);
  return `${root}/${folder}/${socket}`;
}

/** A connection without any manners of its own, whose errors are nobody's affair. */
export async function rawClient(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket.on('error', () => {});
}

/** A server of our own in the place of the slot `name` in the scene's root. */
export async function rawServer(at: Scene, name: string, serve: (socket: Socket) => void): Promise<Server> {
  const folder = `${at.root}/${await folderName(name)}`;
  mkdirSync(folder, { recursive: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket);
  });
  server.listen(`${folder}/0123456789abcdef`);
  await once(server, 'listening');
  at.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

/** The hash of `$redirector`, which is the same in any root. */
export const REDIRECTOR_FOLDER = '36c812ad23a3619ec5b78f4ed6d88079';

/** The name of a slot's folder, which is the same in any root. */
export async function folderName(name: string): Promise<string> {
  const root = mkdtempSync('/tmp/mailslot-check-');
  try {
    const slot = await createMailslot(name, { root });
    const [folder] = readdirSync(root);
    await slot.close();
    return folder as string;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What a socket receives, as far as it was asked for. */
export class Received {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  #heard: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#heard();
    });
    socket.on('close', () => this.#end());
    socket.on('end', () => this.#end());
  }

  /** The next `length` bytes. Rejects when the other end has nothing more to say. */
  async next(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) {
      if (this.#ended)
        throw new Error(`${length} bytes wanted, the end came after ${this.#bytes.toString('hex')}`);
      await this.#more();
    }
    const next = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return next;
  }

  /** All that comes until the end. */
  async rest(): Promise<Buffer> {
    while (!this.#ended) await this.#more();
    return this.#bytes;
  }

  /** A server's next answer: its type and body. */
  async answer(): Promise<{ type: number; body: Buffer }> {
    const head = await this.next(8);
    return { type: head.readUInt32LE(0), body: await this.next(head.readUInt32LE(4)) };
  }

  /** A server's greeting. */
  async greeting(): Promise<Buffer> {
    const head = Buffer.from(await this.next(12));
    return Buffer.concat([head, await this.next(head.readUInt32LE(8))]);
  }

  #more(): Promise<void> {
    this.#socket.resume();
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  #end(): void {
    this.#ended = true;
    this.#heard();
  }
}
