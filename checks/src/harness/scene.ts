import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../faults/programs/agent.js';
import type { Operations } from './answer.js';
import { Child, type StartOptions } from './child.js';

/** A proof's own folders and processes. */
export interface Scene {
  /** A root of the MSFS. */
  readonly root: string;
  /** One more folder. */
  folder(): string;
  /** Starts a program of `programs/` in a process of its own. */
  start<T extends Operations<T>>(program: string, options?: StartOptions): Promise<Child<T>>;
  /** Starts the program that does what a proof asks of the library. */
  agent(options?: StartOptions): Promise<Child<Agent>>;
  /** Registers what is done before processes and folders go, the latest first. */
  after(action: () => unknown): void;
}

export function makeScene(): { readonly scene: Scene; clear(): Promise<void> } {
  const folders: string[] = [];
  const children: Child<never>[] = [];
  const actions: (() => unknown)[] = [];
  const folder = (): string => {
    // Not TMPDIR, which on macOS is too long for a socket's path.
    const made = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'mailslot-check-'));
    folders.push(made);
    return made;
  };
  const start = async <T extends Operations<T>>(
    program: string,
    options?: StartOptions,
  ): Promise<Child<T>> => {
    const child = await Child.start<T>(program, options);
    children.push(child as Child<never>);
    return child;
  };
  const scene: Scene = {
    root: folder(),
    folder,
    start,
    agent: (options) => start<Agent>('agent', options),
    after: (action) => actions.push(action),
  };
  return {
    scene,
    async clear() {
      for (const action of actions.toReversed()) await action();
      await Promise.all(children.map((child) => child.kill()));
      for (const each of folders) rmSync(each, { recursive: true, force: true });
    },
  };
}
