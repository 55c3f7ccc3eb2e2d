import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openMailslot } from 'mailslot';

/** The program as a shell runs it. */
export const bin: string = fileURLToPath(new URL('../../bin/mailslot.cjs', import.meta.url));

/** How a process ended. */
interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes. */
  readonly bytes: Buffer;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Outcome>;
  /** Resolves when standard output so far contains the text; rejects when it ends without. */
  printed(text: string): Promise<void>;
  /** The lines of standard output so far. */
  printedLines(): string[];
}

/** A root of its own for one test, and the program run in it; after the test nothing is left of either. */
export interface Scene {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  start(...words: string[]): Running;
  run(...words: string[]): Promise<Outcome>;
  /** Runs it with this as its whole standard input. */
  feed(input: string | Uint8Array, ...words: string[]): Promise<Outcome>;
  /** Starts `mailslot listen` and waits until the slot is there. */
  listen(name: string, ...options: string[]): Promise<Running>;
  /** Runs another program in the scene. */
  other(command: string, ...args: string[]): Running;
}

/** As long as a machine under load may take to start a process. */
const START_MS = 20_000;

export function scene(t: TestContext): Scene {
  const root = mkdtempSync(join(tmpdir(), 'mailslot-cli-'));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    MAILSLOT_ROOT: root,
    // Not that of whoever runs the tests; and nothing that would outlive them.
    MAILSLOT_CONFIG: join(root, 'config.json'),
    MAILSLOT_AUTOSTART: '0',
    // Where a messenger keeps its history.
    XDG_STATE_HOME: join(root, 'state'),
    LOCALAPPDATA: join(root, 'state'),
  };
  const children: ChildProcessWithoutNullStreams[] = [];
  t.after(async () => {
    for (const child of children) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    }
    rmSync(root, { recursive: true, force: true });
  });

  const other = (command: string, ...args: string[]): Running => {
    const child = spawn(command, args, { env });
    children.push(child);
    return follow(child);
  };
  const start = (...words: string[]): Running => other(process.execPath, bin, ...words);
  const feed = (input: string | Uint8Array, ...words: string[]): Promise<Outcome> => {
    const { child, ended } = start(...words);
    // A program that refuses its command line reads nothing.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return ended;
  };
  return {
    root,
    env,
    other,
    start,
    feed,
    run: (...words) => feed('', ...words),
    async listen(name, ...options) {
      const running = start('listen', name, ...options);
      const ended = running.ended.then(({ stderr }) => Promise.reject(new Error(`listen ended: ${stderr}`)));
      await Promise.race([slotIsThere(name, root), ended]);
      ended.catch(() => {});
      return running;
    },
  };
}

/** Resolves when the slot is there. */
export async function slotIsThere(name: string, root: string): Promise<void> {
  const client = await openMailslot(name, { root, wait: START_MS });
  await client.close();
}

function follow(child: ChildProcessWithoutNullStreams): Running {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const text = (): string => Buffer.concat(stdout).toString();
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: text(),
    stderr: Buffer.concat(stderr).toString(),
    bytes: Buffer.concat(stdout),
  }));
  return {
    child,
    ended,
    printedLines: () => text().split('\n').slice(0, -1),
    async printed(wanted) {
      while (!text().includes(wanted)) {
        const end = ended.then(({ stderr }) => {
          if (!text().includes(wanted)) throw new Error(`ended without ${JSON.stringify(wanted)}: ${stderr}`);
        });
        await Promise.race([once(child.stdout, 'data'), end]);
      }
    },
  };
}
