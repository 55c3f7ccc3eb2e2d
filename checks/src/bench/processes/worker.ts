import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Duties, isAnswer } from './duties.js';

/** No duty of the bench takes longer. */
const DUTY_MS = 120_000;
const END_MS = 2000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How a process is started. */
export interface WorkerOptions {
  readonly serialization?: 'json' | 'advanced' | undefined;
  /** A command in front of it that becomes it, as `['ip', 'netns', 'exec', 'NAME']`. */
  readonly through?: readonly string[];
}

/** A process of the bench, asked by its parent. It ends with its parent, whatever happens to that. */
export class Worker<D extends Duties> {
  readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private asked = 0;

  /** @param script is the module that calls `serve`. */
  constructor(script: URL, { serialization = 'advanced', through = [] }: WorkerOptions = {}) {
    const [execPath, ...execArgv] = [...through, process.execPath];
    // Its flags are its own: a test runner's must not reach it.
    this.child = fork(fileURLToPath(script), { serialization, execPath: execPath as string, execArgv });
    this.child.on('message', (message: unknown) => {
      if (!isAnswer(message)) return;
      const { id, value, error } = message;
      if (error === undefined) this.pending.get(id)?.resolve(value);
      else this.pending.get(id)?.reject(new Error(error));
      this.pending.delete(id);
    });
    this.child.on('error', (error) => this.failAll(error));
    this.child.on('exit', (code, signal) =>
      this.failAll(new Error(`a process of the bench ended with ${signal ?? `exit code ${code}`}`)),
    );
  }

  /** Has the process do something; rejects with its error, or when it dies or takes two minutes. */
  ask<K extends keyof D & string>(
    duty: K,
    argument: Parameters<D[K]>[0],
  ): Promise<Awaited<ReturnType<D[K]>>> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      const alarm = setTimeout(() => {
        this.pending.delete(id);
        reject(new Error(`'${duty}' did not end within ${DUTY_MS / 1000} s`));
      }, DUTY_MS);
      const settled = (): void => clearTimeout(alarm);
      this.pending.set(id, {
        resolve: (value) => {
          settled();
          resolve(value as Awaited<ReturnType<D[K]>>);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.child.send({ id, duty, argument }, (error) => {
        if (error) this.failAll(error);
      });
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    const kill = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(kill);
  }

  private failAll(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}

/** Uses processes and ends them, whatever happens. */
export async function withWorkers<D extends Duties, T>(
  workers: readonly Worker<D>[],
  use: (workers: readonly Worker<D>[]) => Promise<T>,
): Promise<T> {
  try {
    return await use(workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}
