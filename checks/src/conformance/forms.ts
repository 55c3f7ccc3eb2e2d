import { reads } from './reads.js';
import type { Form } from './scene.js';
import { writes } from './writes.js';

const PROCESSES: readonly Form['process'][] = ['one process', 'two processes'];

function names<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

/** Server and client in one process and in two, with each way of writing, with each way of reading. */
export const FORMS: readonly Form[] = PROCESSES.flatMap((process) =>
  names(writes).flatMap((write) => names(reads).map((read) => ({ process, write, read }))),
);
