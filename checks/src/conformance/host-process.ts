import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './host.js';
import { RemoteError } from './outcome.js';
import type { ReadForm } from './reads.js';
import type { Host, PlainOptions, Server } from './server.js';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** All calls, so that one that is added cannot be forgotten here. */
const METHODS: Readonly<Record<keyof Server, true>> = {
  name: true,
  info: true,
  setReadTimeout: true,
  readFile: true,
  readInto: true,
  readMany: true,
  cancelReads: true,
  pendingReads: true,
  writeAnyway: true,
  received: true,
  close: true,
};

/** A process in which server ends are made. */
export class HostProcess implements Host {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

  constructor() {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    this.#child = fork(fileURLToPath(new URL('host.js', import.meta.url)), [], {
      // Unlike JSON it keeps bytes, `undefined` and `Infinity`.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env,
    });
    this.#child.on('message', (answer: Answer) => this.#hear(answer));
    this.#child.on('exit', (code, signal) => this.#failAll(`the host process ended with ${code ?? signal}`));
  }

  async create(name: string, options: PlainOptions, form: ReadForm): Promise<Server> {
    const server = (await this.#ask({ create: [name, options, form] })) as number;
    const methods = Object.keys(METHODS).map((method) => [
      method,
      (...args: unknown[]) => this.#ask({ server, method: method as keyof Server, args }),
    ]);
    return Object.fromEntries(methods) as Server;
  }

  /** Ends the process, with whatever slots are open in it. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }

  #ask(question: WithoutId<Question>): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.send({ id, ...question } as Question, (error) => {
        if (error) this.#failAll(error.message);
      });
    });
  }

  #hear(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('failure' in answer) pending?.reject(new RemoteError(answer.failure));
    else pending?.resolve(answer.result);
  }

  #failAll(text: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(text));
    this.#pending.clear();
  }
}
