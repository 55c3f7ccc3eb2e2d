import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import type { OnMessage } from '../verifier.js';
import type { Ends } from './contestant.js';
import { KeepingParser, type Parser, ReusingParser } from './limit-parsers.js';
import { LimitSender } from './limit-sender.js';
import { closeAll, connected, socketPath } from './net-plain.js';

/** The one thing of an accepted socket that Node does not document: the handle that another socket can take over. */
interface WithHandle {
  _handle: object | null;
}

/**
 * The fastest framing over a unix socket that we could write for Node by hand, without a name, a bound or an
 * acknowledgement, and with messages that are gone after the callback: what a library can reach at most.
 */
export const limit: Ends = byHand(ReusingParser);

/** The same where messages may be kept. */
export const limitKept: Ends = byHand(KeepingParser);

function byHand(TheParser: new (onMessage: OnMessage) => Parser): Ends {
  return {
    async receive(at, slot, onMessage) {
      const sockets = new Set<Socket>();
      const server = createServer({ pauseOnConnect: true }, (accepted) => {
        sockets.add(takeOver(accepted, new TheParser(onMessage)));
      });
      server.listen({ path: socketPath(at, slot), backlog: 1024 });
      await once(server, 'listening');
      return { close: () => closeAll(server, sockets) };
    },
    open: async (at, slot) => new LimitSender(await connected(at, slot)),
  };
}

/** Moves an accepted connection into a socket that reads into buffers of ours. */
function takeOver(accepted: Socket, parser: Parser): Socket {
  const shell = accepted as unknown as WithHandle;
  const handle = shell._handle;
  shell._handle = null;
  accepted.destroy();
  const onread = {
    buffer: () => parser.nextBuffer(),
    callback: (size: number) => {
      parser.caught(size);
      return true;
    },
  };
  // `onread` is missing in the declaration of what the constructor takes.
  const socket = new Socket({ handle, onread } as ConstructorParameters<typeof Socket>[0]);
  socket.resume();
  return socket;
}
