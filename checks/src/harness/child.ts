import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Operations, Question } from './answer.js';

/** How a program is started. */
export interface StartOptions {
  /** A command that runs it, as `['setpriv', '--reuid=1000']`. */
  readonly through?: readonly string[];
  /** Instead of this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Its folder; default: where the build put it. */
  readonly folder?: string | undefined;
  readonly args?: readonly string[];
  /** Added to Node's own arguments. */
  readonly node?: readonly string[];
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an operation of a program threw. */
export class RemoteError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const ANSWER_MS = 120_000;

/** Runs a program of `programs/` to its end, within two minutes. */
export function run(program: string, options: StartOptions = {}): Promise<Ended> {
  const child = spawnProgram(program, options);
  const timer = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
  return endOf(child).finally(() => clearTimeout(timer));
}

/** A process that runs a program of `programs/`, which answers what it is asked. */
export class Child<T extends Operations<T>> {
  /** Resolves when the process has ended, of whatever. */
  readonly ended: Promise<Ended>;
  /** The process that answers, though another may have started it. */
  pid = 0;
  readonly #program: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, Pending>();
  readonly #ready: Promise<void>;
  #asked = 0;

  private constructor(program: string, options: StartOptions) {
    this.#program = program;
    this.#process = spawnProgram(program, options);
    this.ended = endOf(this.#process);
    const lines = createInterface({ input: this.#process.stdout });
    this.#ready = new Promise((resolve, reject) => {
      lines.once('line', (line) => {
        this.pid = Number(line);
        // What else the program prints is its own affair.
        lines.on('line', (each) => each.startsWith('{') && this.#hear(JSON.parse(each) as Answer));
        resolve();
      });
      void this.ended.then((end) => {
        const error = new Error(`${program} ended with ${end.code ?? end.signal}: ${end.stderr}`);
        reject(error);
        for (const pending of this.#pending.values()) pending.reject(error);
      });
    });
  }

  static async start<T extends Operations<T>>(
    program: string,
    options: StartOptions = {},
  ): Promise<Child<T>> {
    const child = new Child<T>(program, options);
    await child.#ready;
    return child;
  }

  /** Has the program do something; rejects with {@link RemoteError}, or when there is no answer in two minutes. */
  ask<Name extends keyof T & string>(
    operation: Name,
    ...args: Parameters<T[Name]>
  ): Promise<Awaited<ReturnType<T[Name]>>> {
    this.#asked += 1;
    const question: Question = { id: this.#asked, operation, args };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#program}: no answer to ${operation}`)),
        ANSWER_MS,
      );
      this.#pending.set(question.id, { resolve: resolve as (result: unknown) => void, reject, timer });
      this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    }).finally(() => {
      clearTimeout(this.#pending.get(question.id)?.timer);
      this.#pending.delete(question.id);
    }) as Promise<Awaited<ReturnType<T[Name]>>>;
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** `kill -9`; resolves when it is dead. Another user's process (sudo's, su's) ends when its stdin does. */
  async kill(): Promise<Ended> {
    this.#process.stdin.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#killQuietly();
    return this.ended;
  }

  #killQuietly(): void {
    try {
      this.signal('SIGKILL');
    } catch {
      // It was about to end by itself.
    }
  }

  #hear(reply: Answer): void {
    const pending = this.#pending.get(reply.id);
    if ('error' in reply) pending?.reject(new RemoteError(reply.error.code, reply.error.message));
    else pending?.resolve(reply.result);
  }
}

function spawnProgram(program: string, options: StartOptions): ChildProcessWithoutNullStreams {
  const { through = [], env = process.env, folder, args = [], node = [] } = options;
  const file = `${folder ?? fileURLToPath(new URL('../faults/programs', import.meta.url))}/${program}.js`;
  const [command, ...rest] = [...through, process.execPath, ...node, file, ...args];
  const child = spawn(command as string, rest, { env });
  // Who is killed no longer reads; its end tells enough.
  child.stdin.on('error', () => {});
  return child;
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
}
