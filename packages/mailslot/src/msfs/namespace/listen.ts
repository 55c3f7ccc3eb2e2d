import type { Server } from 'node:net';
import { BACKLOG } from '../../limits.js';

/** Lets `server` listen at `path`, in this process alone even in a cluster's worker. Rejects with the system's error. */
export function listenAt(server: Server, path: string, everyone: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(
      { path, exclusive: true, backlog: BACKLOG, readableAll: everyone, writableAll: everyone },
      () => {
        server.off('error', reject);
        resolve();
      },
    );
  });
}
