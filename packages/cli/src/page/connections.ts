import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { CONNECTIONS_MAX, STRANGER_MS, STRANGERS_MAX } from './limits.js';

/**
 * The connections of a page's server. Any process of this computer can open them, so those that have not shown the token yet
 * have a number of their own and little time: a newcomer takes the place of the one that has shown nothing for longest, and
 * never of one that has.
 */
export class Connections {
  /** With what ends them, the oldest first. */
  readonly #strangers = new Map<Socket, NodeJS.Timeout>();
  readonly #known = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket) => this.#admit(socket));
  }

  /** It has shown the token. */
  prove(socket: Socket): void {
    if (!this.#forget(socket)) return;
    if (this.#known.size < CONNECTIONS_MAX) this.#known.add(socket);
    else socket.destroy();
  }

  #admit(socket: Socket): void {
    const alarm = setTimeout(() => socket.destroy(), STRANGER_MS).unref();
    this.#strangers.set(socket, alarm);
    socket.once('close', () => {
      this.#forget(socket);
      this.#known.delete(socket);
    });
    if (this.#strangers.size <= STRANGERS_MAX) return;
    const [oldest] = this.#strangers.keys();
    // At once, and not when its end is known: until then others have come.
    if (oldest !== undefined && this.#forget(oldest)) oldest.destroy();
  }

  /** False: it was none of the strangers. */
  #forget(socket: Socket): boolean {
    clearTimeout(this.#strangers.get(socket));
    return this.#strangers.delete(socket);
  }
}
