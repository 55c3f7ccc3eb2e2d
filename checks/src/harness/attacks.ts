import { once } from 'node:events';
import type { Socket } from 'node:net';
import { bytesOf, type Dice } from '../fuzz/dice.js';
import { HELLO, hex, Received, rawClient, u32 } from './raw.js';

/** What an attack holds on to, and what the server must have counted. */
export interface Siege {
  readonly sockets: readonly Socket[];
  /** Connections that the server cut off because they broke the framing. */
  readonly faults: number;
}

const FAULT = 4;
const LARGE = 4 * 2 ** 20;

/** What a queue is charged for a message of 4 MiB; a queue of 64 MiB holds 15 of them. */
export const LARGE_CHARGE: number = LARGE + 64;

/** Sends each a connection of its own and waits until the server has answered with a FAULT and hung up. */
export async function offend(path: string, offences: readonly Buffer[]): Promise<Siege> {
  const sockets = offences.map(async (bytes) => {
    const socket = await rawClient(path);
    const received = new Received(socket);
    await received.greeting();
    socket.write(bytes);
    const { type } = await received.answer();
    if (type !== FAULT)
      throw new Error(`an answer of type ${type} to ${bytes.subarray(0, 32).toString('hex')}`);
    await received.rest();
    return socket;
  });
  return { sockets: await Promise.all(sockets), faults: offences.length };
}

/** Random bytes instead of a hello, and behind one. */
export function randomBytes(dice: Dice, count: number): Buffer[] {
  return Array.from({ length: count }, (_, number) => {
    const random = bytesOf(dice, 12 + dice(4096));
    return number % 2 === 0 ? random : Buffer.concat([HELLO, random]);
  });
}

/** Lengths that no message may have, words that mean nothing, and a hello of no version. */
export const impossible: readonly Buffer[] = [
  ...['fffeffff', '00ffffff', '03ffffff', 'ffffffff', '01004000'].map((word) =>
    Buffer.concat([HELLO, hex(word)]),
  ),
  hex('4d534643 00 000000 07000000'),
  hex('4d534643 ff 000000 07000000'),
  Buffer.concat([HELLO, Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')]),
];

/** Connections that stop in the middle of something, half of them for good. */
export async function stopHalfway(path: string, count: number): Promise<Siege> {
  const whole = Buffer.concat([HELLO, u32(1000), Buffer.alloc(999)]);
  const sockets = Array.from({ length: count }, async (_, number) => {
    const socket = await rawClient(path);
    await new Received(socket).greeting();
    await write(socket, whole.subarray(0, (number * 7) % whole.length));
    if (number % 2 === 0) socket.destroy();
    return socket;
  });
  return { sockets: await Promise.all(sockets), faults: 0 };
}

/** Connections that do nothing, half of them after a hello. */
export async function idle(path: string, count: number): Promise<Siege> {
  const sockets = Array.from({ length: count }, async (_, number) => {
    const socket = await rawClient(path);
    await new Received(socket).greeting();
    if (number % 2 === 0) await write(socket, HELLO);
    return socket;
  });
  return { sockets: await Promise.all(sockets), faults: 0 };
}

/** Connections that each send all of a message of 4 MiB but its last byte, as far as the server reads it. */
export async function holdBack(path: string, count: number): Promise<Siege> {
  const body = Buffer.alloc(LARGE - 1);
  const sockets = Array.from({ length: count }, async () => {
    const socket = await rawClient(path);
    await new Received(socket).greeting();
    socket.write(Buffer.concat([HELLO, u32(LARGE), body]));
    return socket;
  });
  return { sockets: await Promise.all(sockets), faults: 0 };
}

/** A client that asks as fast as it can and never reads an answer. Its bytes are taken as long as it lives. */
export async function askForever(path: string, question: Buffer): Promise<Socket> {
  const socket = await rawClient(path);
  // Nobody listens for data, so nothing is read.
  const many = Buffer.alloc(64 * 1024, question);
  socket.write(HELLO);
  const ask = (): void => {
    while (socket.write(many));
  };
  socket.on('drain', ask);
  ask();
  return socket;
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain');
}
