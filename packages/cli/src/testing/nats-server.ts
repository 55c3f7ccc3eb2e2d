import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Scene } from './scene.js';

/** A nats-server on loopback, on a port that nobody else has. */
export interface NatsServer {
  /** `nats://127.0.0.1:…`. */
  readonly url: string;
  /** Ends it at once, and resolves when it has ended. */
  kill(): Promise<void>;
}

/**
 * @param config what its configuration says beside the port
 * @param variables what that refers to
 */
export async function natsServer(
  t: TestContext,
  { root }: Scene,
  config = '',
  variables: Readonly<Record<string, string>> = {},
): Promise<NatsServer> {
  const path = join(root, 'nats.conf');
  writeFileSync(path, `listen: "127.0.0.1:-1"\n${config}`);
  const child = spawn('nats-server', ['-c', path], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  let log = '';
  // Read to its end: a server that cannot write its log would be ended by that.
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  while (!log.includes('Server is ready')) {
    const end = ended.then(() => Promise.reject(new Error(`nats-server did not start: ${log}`)));
    await Promise.race([once(child.stderr, 'data'), end]);
  }
  const [, address] = /Listening for client connections on (\S+)\n/.exec(log) ?? [];
  return { url: `nats://${address}`, kill };
}
