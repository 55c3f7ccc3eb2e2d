import { fileURLToPath } from 'node:url';
import type { Operations } from '../../harness/answer.js';
import type { Child, StartOptions } from '../../harness/child.js';
import type { Scene } from '../../harness/scene.js';

const PROGRAMS = fileURLToPath(new URL('../programs', import.meta.url));

/** Starts a program of this check. */
export function start<T extends Operations<T>>(
  at: Scene,
  program: string,
  options: StartOptions = {},
): Promise<Child<T>> {
  return at.start<T>(program, { folder: PROGRAMS, ...options });
}
