import { createRequire } from 'node:module';
import type { Scene } from '../../harness/scene.js';
import type { NatsServer } from './server.js';

interface Connection {
  subscribe(
    subject: string,
    options: {
      callback: (
        error: Error | null,
        message: { readonly subject: string; readonly data: Uint8Array },
      ) => void;
    },
  ): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

// Imported, it would bring its declarations, which do not compile with our settings.
const require = createRequire(import.meta.url);
const { connect } = require('@nats-io/transport-node') as {
  connect(options: { servers: string }): Promise<Connection>;
};

/** Everything that is published on a server, subjects and payloads, by somebody who may hear all. */
export async function eavesdrop(at: Scene, server: NatsServer): Promise<Buffer[]> {
  const connection = await connect({ servers: server.address });
  at.after(() => connection.close());
  const heard: Buffer[] = [];
  connection.subscribe('>', {
    callback: (_error, message) => {
      heard.push(Buffer.from(message.subject), Buffer.from(message.data));
    },
  });
  await connection.flush();
  return heard;
}
