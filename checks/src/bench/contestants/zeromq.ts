import { LARGE_BODIES, LARGE_BODY } from '../messages.js';
import type { Ends } from './contestant.js';
import { loadLibrary } from './library.js';
import { socketPath } from './net-plain.js';

/** The part of it that is used. */
interface ZeroMq {
  readonly Pull: new (options: {
    receiveHighWaterMark: number;
  }) => AsyncIterable<readonly Buffer[]> & { bind(address: string): Promise<void>; close(): void };
  readonly Push: new (options: {
    linger: number;
  }) => {
    sendHighWaterMark: number;
    connect(address: string): void;
    send(body: Buffer): Promise<void>;
    close(): void;
  };
}

const { Pull, Push } = await loadLibrary<ZeroMq>('zeromq');

const HIGH_WATER_MARK = 1000;
/** It sends them from where they are, so they must not be written over. */
const LARGE_HIGH_WATER_MARK = LARGE_BODIES / 2;

/** Push to pull over a unix socket. */
export const zeromq: Ends = {
  async receive(at, slot, onMessage) {
    const pull = new Pull({ receiveHighWaterMark: HIGH_WATER_MARK });
    await pull.bind(`ipc://${socketPath(at, slot)}`);
    const reading = (async () => {
      for await (const [body] of pull) if (body) onMessage(body, 0, body.length);
    })();
    return {
      async close() {
        pull.close();
        await reading;
      },
    };
  },
  async open(at, slot) {
    const push = new Push({ linger: 5000 });
    let highWaterMark = 0;
    const connect = (body: Buffer): void => {
      highWaterMark = body.length < LARGE_BODY ? HIGH_WATER_MARK : LARGE_HIGH_WATER_MARK;
      push.sendHighWaterMark = highWaterMark;
      push.connect(`ipc://${socketPath(at, slot)}`);
    };
    return {
      send(body) {
        if (highWaterMark === 0) connect(body);
        return push.send(body);
      },
      flush: () => undefined,
      close: async () => push.close(),
    };
  },
};
