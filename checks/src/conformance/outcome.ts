import { MailslotError } from 'mailslot';

/** How a call ended, in a form that can travel between processes. */
export interface Outcome {
  /** 0 if it succeeded (ERROR_SUCCESS), the Win32 number of a MailslotError, or the name of another error. */
  readonly code: number | string;
  readonly text: string;
}

export const SUCCESS: Outcome = { code: 0, text: 'success' };

/** The code when there is no method to call. */
export const NO_METHOD = 'no such method';

/** Why another process could not do what it was asked; its outcome is the one there. */
export class RemoteError extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.text);
    this.outcome = outcome;
  }
}

export function failureOf(error: unknown): Outcome {
  if (error instanceof RemoteError) return error.outcome;
  if (error instanceof MailslotError) return { code: error.win32Number, text: error.message };
  if (error instanceof Error) return { code: error.name, text: String(error) };
  return { code: typeof error, text: String(error) };
}

export async function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  try {
    await promise;
    return SUCCESS;
  } catch (error) {
    return failureOf(error);
  }
}

/** Calls the first of these methods that is there, as a program in JavaScript may though the types know none of them. */
export async function callAnyway(target: object, methods: readonly string[], arg: unknown): Promise<Outcome> {
  const found = methods.map((method): unknown => Reflect.get(target, method)).find(isFunction);
  if (!found) return { code: NO_METHOD, text: NO_METHOD };
  return outcomeOf(Promise.resolve().then(() => Reflect.apply(found, target, [arg])));
}

// biome-ignore lint/complexity/noBannedTypes: whatever can be called
function isFunction(value: unknown): value is Function {
  return typeof value === 'function';
}
