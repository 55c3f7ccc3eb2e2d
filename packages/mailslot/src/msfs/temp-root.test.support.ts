import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../ports/clock.js';
import { type Ports, realPorts } from '../ports/ports.js';

// Whatever domain this computer is in, tests are in none.
process.env['MAILSLOT_CONFIG'] = join(tmpdir(), 'mailslot-test-has-no-config.json');

/** An MSFS root for one test, gone after it. */
export function temporaryRoot(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'mailslot-test-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Closes a slot or client when the test is over, however it ends; else a failed test would keep its process alive. */
export function closedAfter<T extends { close(): Promise<void> }>(t: TestContext, end: T): T {
  t.after(() => end.close().catch(() => {}));
  return end;
}

/** What a promise has come to, as of now. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  const settled = promise.then(
    () => 'fulfilled' as const,
    () => 'rejected' as const,
  );
  // The promise's own callbacks come first, if they come at all.
  return Promise.race([settled, Promise.resolve().then(() => 'pending' as const)]);
}

const MEANT_MS = 20_000;

/** Rejects when it does not come to hold in time. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + MEANT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it never came to that');
    await new Promise(setImmediate);
  }
}

/** The real world, with another clock, and with the warnings kept. */
export function portsWith(clock: Clock): Ports & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { ...realPorts, clock, log: { warn: (message) => warnings.push(message) }, warnings };
}

/** Resolves with the next publication on a diagnostics channel of the library for which `isMeant` holds. */
export function published<T>(channel: string, isMeant: (message: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if (!isMeant(message as T)) return;
      unsubscribe(`mailslot:${channel}`, listen);
      resolve(message as T);
    };
    subscribe(`mailslot:${channel}`, listen);
  });
}

export interface ChildOutcome {
  /** `undefined` when it did not end by itself in time. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const CHILD_MS = 20_000;

/**
 * Runs an ES module in a process of its own, to its end. It finds the library as `mailslot`, bound by an import that
 * stands before it, and the root in `root`.
 */
export function runModule(root: string, lines: readonly string[]): Promise<ChildOutcome> {
  const door = pathToFileURL(join(import.meta.dirname, '..', 'index.js')).href;
  const prelude = `import * as mailslot from '${door}'; const root = ${JSON.stringify(root)};`;
  // A file, since not every runtime takes a module from its command line.
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-module-'));
  const file = join(folder, 'module.mjs');
  writeFileSync(file, [prelude, ...lines].join('\n'));
  return new Promise((resolve) => {
    const options = { timeout: CHILD_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, ['--unhandled-rejections=strict', file], options, (error, stdout, stderr) => {
      rmSync(folder, { recursive: true });
      const code = error === null ? 0 : error.code;
      resolve({ code: typeof code === 'number' ? code : undefined, stdout, stderr });
    });
  });
}
