import type { Relative } from '../contestants/contestant.js';

/** What a process of the bench can be asked to do. */
export type Duties = Readonly<Record<string, (argument: never) => unknown>>;

interface Request {
  readonly id: number;
  readonly duty: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** The process that started this one. */
export const parent: Relative = {
  send: (message, sent) => process.send?.(message, undefined, undefined, sent) ?? false,
  on: (event, listener) => process.on(event, listener),
};

/** Does what the parent asks for, and ends with it. Other messages may travel the same channel. */
export function serve(duties: Duties): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    if (isRequest(message)) void answer(message, duties);
  });
}

async function answer({ id, duty, argument }: Request, duties: Duties): Promise<void> {
  // If the parent is gone, so is this process.
  const reply = (outcome: Answer): unknown => process.send?.(outcome, undefined, undefined, () => {});
  try {
    reply({ id, value: await duties[duty]?.(argument as never) });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

export function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && 'id' in message && !('duty' in message);
}

function isRequest(message: unknown): message is Request {
  return typeof message === 'object' && message !== null && 'duty' in message;
}
