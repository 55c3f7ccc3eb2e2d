import type { Socket } from 'node:net';

type Done = (error?: Error | null) => void;
type Write = (...args: unknown[]) => void;

/**
 * Lets a client hear what its server said last. A server that closes its slot says what it has taken and ends; a write
 * that comes after that fails, and a socket on which one failed is destroyed with all that was not read yet. So a
 * failure is told only when everything has been read that the system still has.
 */
export function hearLastWords(socket: Socket): void {
  const hooks = socket as unknown as Record<'_write' | '_writev', Write>;
  for (const hook of ['_write', '_writev'] as const) {
    const write = hooks[hook].bind(socket);
    hooks[hook] = (...args) => {
      const done = args.pop() as Done;
      write(...args, (error?: Error | null) => {
        if (!error || socket.readableEnded || socket.destroyed) done(error);
        else socket.once('end', () => done(error));
      });
    };
  }
}
