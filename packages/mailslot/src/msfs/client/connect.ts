import { connect, type Socket } from 'node:net';
import { MailslotError } from '../../errors.js';
import { BUSY_RETRY_MS, CLIENT_READ } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import { onAbort } from '../abort.js';
import type { SlotFinder } from '../namespace/name-space.js';
import { hasOnread } from '../runtime.js';
import { fromSystem, peerState } from '../system-error.js';
import { encodeHello, type Greeting, GreetingParser } from '../wire/greeting.js';
import { PrefaceParser } from '../wire/preface.js';

/** A connection on which the server has greeted. */
export interface Connection {
  /** Where the server listens. */
  readonly path: string;
  readonly socket: Socket;
  readonly greeting: Greeting;
  /** Our answer to the greeting: what is written first begins with it, so that both cost one call to the system. */
  readonly hello: Uint8Array;
  /** Who is told what the server sends from now on. */
  readonly hear: (listener: (chunk: Buffer) => void) => void;
}

/** What a connection attempt needs beside the path. */
export interface ConnectOptions {
  /** The slot, for errors. */
  readonly name: string;
  readonly clock: Clock;
  /** How long a server that is there may take to greet; of what is asked then, also to answer. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
  /** What is asked before the server greets, as a line of JSON; it must agree first. See `wire/preface.ts`. */
  readonly preface?: string | undefined;
}

/**
 * Connects to the server at `path` and greets. Waits while its backlog is full.
 *
 * Rejects with `undefined` when nobody listens there (any more), so that the caller can say what it searched; with
 * `ERR_MAILSLOT_TIMEOUT` when the server does not greet in time, `ERR_MAILSLOT_CLOSED` when it hangs up instead.
 */
export async function connectTo(path: string, options: ConnectOptions): Promise<Connection | undefined> {
  const { clock, name, patienceMs, signal } = options;
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const attempt = await attemptTo(path, options);
    if (attempt !== 'busy') return attempt;
    if (clock.monotonic() > deadline) throw silent(name, 'its backlog stayed full', patienceMs);
    await delay(clock, BUSY_RETRY_MS);
    signal?.throwIfAborted();
  }
}

/** A connection to a slot of this computer. */
export interface Seen extends Connection {
  /** Whose slot it is, as the system says; `undefined` where it cannot. */
  readonly owner: number | undefined;
}

/**
 * As {@link connectTo}, and knows whose slot it is: the same thing was in its place before the connection and after the
 * greeting. Resolves with `undefined` also when it was not.
 */
export async function connectSeen(
  path: string,
  slots: SlotFinder,
  options: ConnectOptions,
): Promise<Seen | undefined> {
  const before = slots.lookAt(path);
  const connection = before && (await connectTo(path, options));
  if (!connection) return undefined;
  if (slots.lookAt(path)?.identity === before.identity) return { ...connection, owner: before.owner };
  connection.socket.destroy();
  return undefined;
}

function attemptTo(
  path: string,
  { clock, name, patienceMs, signal, preface }: ConnectOptions,
): Promise<Connection | undefined | 'busy'> {
  return new Promise((resolve, reject) => {
    let listener = (chunk: Buffer): void => greet(chunk);
    // Without the machinery of a stream, which a process that sends one message would have to warm up first.
    const onread = {
      buffer: Buffer.allocUnsafe(CLIENT_READ),
      callback: (length: number, bytes: Uint8Array): boolean => {
        listener(Buffer.from(bytes.subarray(0, length)));
        return true;
      },
    };
    const socket = hasOnread ? connect({ path, onread }) : connect(path);
    if (!hasOnread) socket.on('data', (chunk: Buffer) => listener(chunk));
    const alarm = clock.after(patienceMs, () => fail(silent(name, 'it did not greet', patienceMs)));
    const finish = (): void => {
      alarm.cancel();
      stopListening();
      for (const event of ['error', 'close']) socket.removeAllListeners(event);
      // An error is never without a listener; whoever takes the socket over hears of 'close'.
      socket.on('error', () => {});
    };
    const fail = (error: unknown): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const stopListening = onAbort(signal, () => fail(signal?.reason));

    const answer = preface === undefined ? undefined : new PrefaceParser();
    const greetings = new GreetingParser();
    if (preface !== undefined) socket.write(preface);
    const greet = (chunk: Buffer): void => {
      try {
        const rest = answer === undefined ? chunk : answer.take(chunk);
        const greeted = rest && greetings.take(rest);
        if (!greeted) return;
        const { greeting, version } = greeted;
        finish();
        const hear = (next: typeof listener): void => {
          listener = next;
        };
        resolve({ path, socket, greeting, hello: encodeHello(version, process.pid), hear });
      } catch (error) {
        fail(error);
      }
    };
    socket.on('error', (error) => {
      const state = peerState(error);
      if (state !== 'busy' && state !== 'gone' && state !== 'dead') return fail(openError(error, name));
      finish();
      resolve(state === 'busy' ? 'busy' : undefined);
    });
    socket.on('close', () => fail(hungUp(name)));
  });
}

function openError(error: Error, name: string): MailslotError {
  return peerState(error) === 'ended' ? hungUp(name) : fromSystem(error, `open the mailslot ${name}`);
}

export function hungUp(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_CLOSED',
    `the server of ${name} hung up before it greeted: it is ending, or has no file descriptors left`,
    { remedy: 'try again' },
  );
}

export function silent(name: string, what: string, ms: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `the server of ${name} exists but ${what} within ${ms / 1000} s: its process may be stopped or busy`,
  );
}

/** Resolves after so long. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
