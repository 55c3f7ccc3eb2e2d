import { connect } from 'node:net';
import type { Clock } from 'mailslot/transports';
import { NATS_ANSWER_MS } from './limits.js';
import type { ServerAddress } from './settings.js';

/** A server that was asked: what kept it from answering. */
export interface Unanswered {
  readonly server: ServerAddress;
  /** For people; of the system's errors the code, as `ECONNREFUSED`. */
  readonly reason: string;
}

/**
 * The server that answers first, or why none does.
 *
 * The client library strikes a server off that does not answer to the first attempt, and leaves the socket of one that
 * is silent open for good. So servers are asked here before it is told to connect.
 */
export async function probe(
  servers: readonly ServerAddress[],
  clock: Clock,
): Promise<ServerAddress | readonly Unanswered[]> {
  const endings = new Set<() => void>();
  const unanswered: Unanswered[] = [];
  const attempts = servers.map(async (server) => {
    const reason = await answer(server, clock, endings);
    if (reason === undefined) return server;
    unanswered.push({ server, reason });
    throw new Error(reason);
  });
  try {
    return await Promise.any(attempts);
  } catch {
    return unanswered;
  } finally {
    for (const end of endings) end();
  }
}

/** Undefined: it speaks NATS. Else why it is not known to. */
function answer(
  { host, port }: ServerAddress,
  clock: Clock,
  endings: Set<() => void>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const end = (reason: string | undefined): void => {
      alarm.cancel();
      socket.destroy();
      resolve(reason);
    };
    const alarm = clock.after(NATS_ANSWER_MS, () => end('no answer'));
    endings.add(() => end('not waited for'));
    socket.once('data', (bytes) => {
      end(bytes.toString('latin1', 0, 5) === 'INFO ' ? undefined : 'it does not speak NATS');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('close', () => end('it hung up'));
  });
}
