import { createRequire } from 'node:module';
import type { Ends, Place } from './contestant.js';

/** The part of the client library that the bench uses. */
export interface Connection {
  publish(subject: string, body: Uint8Array): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: { data: Uint8Array }) => void },
  ): void;
  /** Resolves when the server has taken everything. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

// Imported, it would bring its declarations, which do not compile with our settings.
const require = createRequire(import.meta.url);
const { connect } = require('@nats-io/transport-node') as {
  connect(options: { servers: string }): Promise<Connection>;
};

/** The client takes everything at once; who does not want to fill its memory waits for the server now and then. */
const FLUSH_BYTES = 1 << 20;
const FLUSH_MESSAGES = 500;

/** Core publish and subscribe. */
export const nats: Ends = {
  async receive(at, slot, onMessage) {
    const connection = await connected(at);
    connection.subscribe(slot, {
      callback: (error, { data }) => {
        if (error) throw error;
        onMessage(data, 0, data.length);
      },
    });
    await connection.flush();
    return { close: () => connection.close() };
  },
  async open(at, slot) {
    const connection = await connected(at);
    let messages = 0;
    let bytes = 0;
    const flush = (): Promise<void> => {
      messages = 0;
      bytes = 0;
      return connection.flush();
    };
    return {
      send(body) {
        connection.publish(slot, body);
        messages += 1;
        bytes += body.length;
        return messages < FLUSH_MESSAGES && bytes < FLUSH_BYTES ? undefined : flush();
      },
      flush,
      close: () => connection.close(),
    };
  },
};

export function connected({ brokers }: Place): Promise<Connection> {
  return connect({ servers: brokers['nats-server'] ?? '' });
}
