import { Socket } from 'node:net';
import { LINGER_MS, SPARE_DESCRIPTORS } from '../../limits.js';
import { descriptorLimit } from '../descriptors.js';
import { hasOnread } from '../runtime.js';
import { descriptorsRunShort } from './clients.js';
import { Connection, type Trust } from './connection.js';
import type { Inbox } from './inbox.js';

/** The one thing of an accepted socket that Node does not document: the handle that another socket can take over. */
interface WithHandle {
  _handle: Handle | null;
}

interface Handle {
  /** The descriptor's number, where there are such: the system gives the lowest that is free. */
  readonly fd?: number;
}

/** Serves a client on a socket that a server with `pauseOnConnect` accepted. */
export function serveClient(accepted: Socket, inbox: Inbox, greeting: Uint8Array): void {
  const handle = (accepted as unknown as WithHandle)._handle;
  inbox.newcomers.came();
  if ((handle?.fd ?? 0) >= lastDescriptor()) descriptorsRunShort();
  if (handle && hasOnread) serveByHandle(accepted, handle, inbox, greeting);
  else serveByEvents(accepted, inbox, greeting);
}

/**
 * Reads into buffers that `ReadBuffers` names. `net` offers this (`onread`) only for sockets that one makes, so the
 * handle of the accepted one moves into such a socket, and the accepted one ends as an empty shell.
 */
function serveByHandle(accepted: Socket, handle: Handle, inbox: Inbox, greeting: Uint8Array): void {
  (accepted as unknown as WithHandle)._handle = null;
  accepted.destroy();
  const writer = new Connection(inbox);
  const onread = {
    buffer: () => (writer.mayRead ? writer.buffers.nextBuffer() : writer.buffers.laterBuffer()),
    callback: (size: number) => {
      if (writer.isGone) return true;
      writer.buffers.caught(size);
      writer.arrived();
      return writer.mayRead && !inbox.newcomers.holds(writer);
    },
  };
  // `onread` is missing in the declaration of what the constructor takes, and documented for `net.connect`.
  connectTo(
    inbox,
    writer,
    new Socket({ handle, onread } as ConstructorParameters<typeof Socket>[0]),
    greeting,
  );
}

/** Takes the chunks that the socket hands over: slower, and everywhere the same. */
export function serveByEvents(socket: Socket, inbox: Inbox, greeting: Uint8Array, trust?: Trust): void {
  const writer = new Connection(inbox, trust);
  connectTo(inbox, writer, socket, greeting);
  socket.on('data', (chunk: Buffer) => {
    if (writer.isGone) return;
    writer.buffers.offer(chunk);
    writer.arrived();
    if (!writer.mayRead || inbox.newcomers.holds(writer)) socket.pause();
  });
  socket.resume();
}

function connectTo(inbox: Inbox, writer: Connection, socket: Socket, greeting: Uint8Array): void {
  // The slot's listening socket alone decides whether the process stays alive.
  socket.unref();
  const sent = (): void => writer.drained();
  // The last answer goes out first: where writes take more than the call, it waits like any other. Nobody waits long
  // for a client that does not read, or is stopped.
  const hangUpLater = (): void => {
    if (socket.destroyed) return;
    const alarm = inbox.clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', () => alarm.cancel());
  };
  writer.link = {
    send(bytes) {
      // Not 'drain', which comes only after more than a socket's own bound has waited.
      if (!socket.destroyed) socket.write(bytes, sent);
      return socket.writableLength === 0;
    },
    resume: () => socket.resume(),
    destroy() {
      socket.destroySoon();
      hangUpLater();
    },
    finish() {
      // What the client still sends is read and thrown away: were it refused, the system would take back from the
      // client what it has not read yet, the last of our answers.
      socket.ref();
      socket.end();
      socket.resume();
      hangUpLater();
    },
    closed: new Promise((resolve) => {
      socket.on('close', () => {
        writer.gone();
        resolve();
      });
    }),
  };
  // A client that vanished is no error of the slot's; 'close' follows.
  socket.on('error', () => {});
  writer.link.send(greeting);
}

let last: number | undefined;

/** From this number on, descriptors are for what the process does beside serving clients. */
function lastDescriptor(): number {
  if (last === undefined) {
    const limit = descriptorLimit();
    last = limit - Math.min(SPARE_DESCRIPTORS, limit / 8);
  }
  return last;
}
