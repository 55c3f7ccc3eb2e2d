import type { Ends, Place } from './contestant.js';
import { loadLibrary } from './library.js';

/** The part of it that is used. */
interface IoRedis {
  readonly Redis: new (path: string) => Redis;
}

interface Redis {
  on(event: 'messageBuffer', listener: (channel: Buffer, body: Buffer) => void): void;
  subscribe(channel: string): Promise<unknown>;
  ping(): Promise<unknown>;
  pipeline(): Pipeline;
  quit(): Promise<unknown>;
}

interface Pipeline {
  readonly length: number;
  publish(channel: string, body: Buffer): void;
  exec(): Promise<unknown>;
}

const { Redis } = await loadLibrary<IoRedis>('ioredis');

/** Messages, or bytes, of one pipeline. */
const PIPELINE_LENGTH = 200;
const PIPELINE_BYTES = 1 << 20;

/** Publish and subscribe over a unix socket, publishing in pipelines. */
export const redis: Ends = {
  async receive(at, slot, onMessage) {
    const subscriber = clientOf(at);
    subscriber.on('messageBuffer', (_channel: Buffer, body: Buffer) => onMessage(body, 0, body.length));
    await subscriber.subscribe(slot);
    return { close: () => subscriber.quit() };
  },
  async open(at, slot) {
    const publisher = clientOf(at);
    await publisher.ping();
    let pipeline: Pipeline | undefined;
    let bytes = 0;
    const flush = (): Promise<unknown> | undefined => {
      const full = pipeline;
      pipeline = undefined;
      bytes = 0;
      return full?.exec();
    };
    return {
      send(body) {
        pipeline ??= publisher.pipeline();
        pipeline.publish(slot, body);
        bytes += body.length;
        return pipeline.length < PIPELINE_LENGTH && bytes < PIPELINE_BYTES ? undefined : flush();
      },
      flush,
      close: () => publisher.quit(),
    };
  },
};

function clientOf({ brokers }: Place): Redis {
  return new Redis(brokers['redis-server'] ?? '');
}
