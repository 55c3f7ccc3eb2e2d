import type { PageState } from './api.js';
import { counted, harmlessLine } from './text.js';

/** How many computers a note to everybody reaches. Silent ones may be there still. */
export function reachCount({ computers }: PageState): number {
  return computers.filter((each) => each.state !== 'gone').length;
}

/** Whom a note to everybody reaches, in words. */
export function reach(state: PageState): string {
  if (state.domain === null) return 'This computer alone: there is no domain';
  return `${counted(reachCount(state), 'computer')} of ${harmlessLine(state.domain)}`;
}
