import type { Cases } from './cases.js';
import type { Check } from './check.js';
import type { Scene } from './scene.js';

/** Who made an assertion that cases restate. */
export const SOURCES = {
  K: 'Wine kernel32:mailslot',
  F: 'Wine ntdll:file',
  L: 'Wine ntdll:om, the limits of names',
  Q: 'Wine ntdll:om, what a handle tells of its object',
  R: 'ReactOS CORE-10188',
  D: "Microsoft's documentation",
  X: 'Beyond the list',
  'F-': 'Decisions where nobody knows',
} as const;

export type Source = keyof typeof SOURCES;

/** In what the forms of a run differ. */
export type Dimension = 'process' | 'write' | 'read';

/** Cases that share state, as those of Windows' tests do, and the program that goes through them. */
export interface Group<C extends Cases = Cases> {
  readonly cases: C;
  /** Forms that make a difference to these cases; in the others they are not repeated. */
  readonly varies: readonly Dimension[];
  run(scene: Scene, check: Check<C>): Promise<void>;
}

/**
 * A group, written against the numbers and states of its own cases, so that the compiler refuses a check that does not
 * fit the case; kept among others, it is a group of any cases.
 */
export function group<C extends Cases>(group: Group<C>): Group {
  return group as unknown as Group;
}
