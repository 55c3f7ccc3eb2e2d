import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Network } from './network.js';

/** What tshark sees on the bridge of a network, until it is told to stop. */
export interface Capture {
  /** Ends it; returns the path of what was recorded. */
  stop(): Promise<string>;
}

/** Resolves when it records. */
export async function record(network: Network, path: string): Promise<Capture> {
  const [command, ...args] = [...network.on('sw'), 'tshark', '-i', 'br0', '-n', '-q', '-w', path];
  const child = spawn(command as string, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => line.includes('Capturing on') && resolve());
  });
  return {
    async stop() {
      child.kill('SIGINT');
      await ended;
      return path;
    },
  };
}

/** The UDP payloads of a recording, of packets for which tshark's filter holds. */
export function packets(path: string, filter: string): Buffer[] {
  const { stdout, status, stderr } = spawnSync(
    'tshark',
    ['-r', path, '-n', '-Y', filter, '-T', 'fields', '-e', 'udp.payload'],
    { encoding: 'utf8', maxBuffer: 256 << 20 },
  );
  if (status !== 0 && status !== 2) throw new Error(stderr);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Buffer.from(line, 'hex')]));
}
