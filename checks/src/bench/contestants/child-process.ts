import type { Context, Ends, Receiver, Relative, Sender } from './contestant.js';

/** Node's channel between a process and its children, serialized with V8's own format: buffers stay buffers. */
export const childProcess: Ends = {
  receive: async (at, _slot, onMessage) =>
    hear(at, (message) => {
      if (message instanceof Uint8Array) onMessage(message, 0, message.length);
    }),
  open: async (at) => new Teller(at, (body) => body),
};

/** The same as JSON, the default: bytes as base64. */
export const childProcessJson: Ends = {
  receive: async (at, _slot, onMessage) =>
    hear(at, (message) => {
      if (typeof message !== 'string') return;
      const body = Buffer.from(message, 'base64');
      onMessage(body, 0, body.length);
    }),
  open: async (at) => new Teller(at, (body) => body.toString('base64')),
};

function hear({ relatives }: Context, listener: (message: unknown) => void): Receiver {
  for (const relative of relatives) relative.on('message', listener);
  // The channel belongs to the family, which goes on talking.
  return { close: async () => {} };
}

class Teller implements Sender {
  private readonly relative: Relative;
  private readonly encode: (body: Buffer) => unknown;
  private onTheirWay = 0;
  private allSent = (): void => {};

  constructor({ relatives }: Context, encode: (body: Buffer) => unknown) {
    this.relative = relatives[0] as Relative;
    this.encode = encode;
  }

  send(body: Buffer): Promise<void> | undefined {
    this.onTheirWay += 1;
    if (this.relative.send(this.encode(body), this.sent)) return undefined;
    return new Promise((resolve) => {
      this.allSent = resolve;
    });
  }

  flush(): undefined {}

  async close(): Promise<void> {}

  private readonly sent = (error: Error | null): void => {
    if (error) throw error;
    this.onTheirWay -= 1;
    if (this.onTheirWay === 0) this.allSent();
  };
}
