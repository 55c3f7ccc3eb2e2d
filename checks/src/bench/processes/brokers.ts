import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from '../contestants/contestant.js';

const START_MS = 10_000;

interface Command {
  readonly args: readonly string[];
  /** What it prints when it serves; the group is its address, where it chose that itself. */
  readonly ready: RegExp;
  readonly address: string;
}

/** A broker that runs. */
export interface RunningBroker {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a broker on loopback or in `folder`, without files that last and without limits that would lose messages. */
export async function startBroker(broker: Broker, folder: string): Promise<RunningBroker> {
  const { args, ready, address } = broker === 'nats-server' ? natsServer(folder) : redisServer(folder);
  const child = spawn(broker, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): boolean => child.kill();
  process.once('exit', kill);
  const [, chosen] = await printed(child, broker, ready);
  return {
    address: address + (chosen ?? ''),
    async stop() {
      process.removeListener('exit', kill);
      const gone = once(child, 'exit');
      if (kill()) await gone;
    },
  };
}

function natsServer(folder: string): Command {
  const config = join(folder, 'nats.conf');
  // A reader that is slow for a moment would be cut off at 64 MB.
  writeFileSync(config, 'host: 127.0.0.1\nport: -1\nmax_pending: 2GB\nwrite_deadline: "60s"\n');
  return {
    args: ['-c', config],
    ready: /client connections on [^\n]*?:(\d+)\n[\s\S]*is ready/,
    address: '127.0.0.1:',
  };
}

function redisServer(folder: string): Command {
  const address = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', address, '--save', '', '--appendonly', 'no'];
  // A reader that is slow for a moment would be cut off at 32 MB.
  const unlimited = ['--client-output-buffer-limit', 'pubsub 0 0 0'];
  return { args: [...args, ...unlimited], ready: /ready to accept connections/i, address };
}

function printed(child: ChildProcess, broker: Broker, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const alarm = setTimeout(() => fail(`it was not ready within ${START_MS / 1000} s`), START_MS);
    const fail = (why: string): void => {
      clearTimeout(alarm);
      child.kill();
      reject(new Error(`${broker} could not be started: ${why}\n${output}`));
    };
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = wanted.exec(output);
      if (!found) return;
      clearTimeout(alarm);
      // What it says from now on is not kept, but must be read.
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear).resume();
      resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    child.on('error', ({ message }) => fail(`${message}; on Debian it is the package ${broker}`));
    child.on('exit', (code) => fail(`it ended with exit code ${code}`));
  });
}
