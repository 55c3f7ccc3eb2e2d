import { createInterface } from 'node:readline';

/** What a program can do when it is asked: methods whose arguments and results are JSON. */
export type Operations<T> = { readonly [Name in keyof T]: (...args: never[]) => unknown };

export interface Question {
  readonly id: number;
  readonly operation: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

/**
 * A program's side of {@link Child}: answers questions, one a line, on stdin and stdout, which pass through sudo, su
 * and unshare as they are. It ends with its parent, whatever that dies of.
 */
export function answer<T extends Operations<T>>(operations: T): void {
  const methods = new Map(Object.entries<(...args: never[]) => unknown>(operations));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const { id, operation, args } = JSON.parse(line) as Question;
    const method = methods.get(operation) as ((...args: readonly unknown[]) => unknown) | undefined;
    try {
      if (!method) throw new Error(`no operation ${operation}`);
      say({ id, result: await method(...args) });
    } catch (error) {
      const { code, message, stack } = error as NodeJS.ErrnoException;
      // Where an error that is not the library's came from is in its stack.
      say({ id, error: { code: code ?? 'none', message: code === undefined ? (stack ?? '') : message } });
    }
  });
  lines.on('close', () => process.exit(0));
  process.stdout.write(`${process.pid}\n`);
}

function say(reply: Answer): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
