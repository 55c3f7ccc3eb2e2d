import { isDeepStrictEqual } from 'node:util';
import type { Cases, State } from './cases.js';
import { type Outcome, SUCCESS } from './outcome.js';

type Marked<C extends Cases, S extends State> = {
  [Id in keyof C]: C[Id] extends { readonly state: S } ? Id : never;
}[keyof C] &
  string;

/** What was found out about the cases of a group in one form; a case counts only if something was. */
export class Check<C extends Cases> {
  /** For each case that was looked at: nothing, or what is wrong. */
  readonly findings: Map<string, string | undefined> = new Map();

  /** @param outcome of a call that must succeed; without it, getting here is the proof. */
  succeeds(id: Marked<C, 'holds'>, outcome: Outcome = SUCCESS): void {
    this.#note(id, outcome.code === 0 ? undefined : `failed with ${outcome.code}: ${outcome.text}`);
  }

  /** A call that must fail, by an error of the mailslot and not of the test. */
  fails(id: Marked<C, 'holds'>, { code, text }: Outcome): void {
    if (code === 0) this.#note(id, 'succeeded');
    else this.#note(id, typeof code === 'number' ? undefined : text);
  }

  is(id: Marked<C, 'holds'>, saw: unknown, expected: unknown): void {
    this.#note(id, isDeepStrictEqual(saw, expected) ? undefined : `saw ${show(saw)}, not ${show(expected)}`);
  }

  /** Two checks at once: what was seen is what we chose, and is none of what Windows' assertion admits. */
  differs(
    id: Marked<C, 'differs'>,
    saw: unknown,
    { ours, windows }: { ours: unknown; windows: readonly unknown[] },
  ): void {
    if (windows.some((value) => isDeepStrictEqual(saw, value))) this.#note(id, WOULD_HOLD);
    else this.#note(id, isDeepStrictEqual(saw, ours) ? undefined : `saw ${show(saw)}, not ${show(ours)}`);
  }

  /** @param applies whether there is now what the case speaks of. */
  probe(id: Marked<C, 'n/a'>, applies: boolean): void {
    this.#note(id, applies ? WOULD_APPLY : undefined);
  }

  /** The first complaint stays. */
  #note(id: string, complaint: string | undefined): void {
    this.findings.set(id, this.findings.get(id) ?? complaint);
  }
}

const WOULD_HOLD = 'would hold now: mark it so';
export const WOULD_APPLY = 'would apply now: mark it as what it is';

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
