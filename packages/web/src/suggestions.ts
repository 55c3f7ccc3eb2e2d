import type { PageState } from './api.js';
import { reach } from './reach.js';
import { upperName } from './text.js';

export interface Suggestion {
  readonly name: string;
  /** What is known of it. */
  readonly what: string;
}

const SUGGESTIONS_MAX = 7;

/**
 * Names that begin with what was typed, then those that contain it: everybody, who was written with, and the computers.
 * What was typed is itself among them, since nobody knows all names there are.
 */
export function suggestions(state: PageState, typed: string): readonly Suggestion[] {
  const text = upperName(typed.trim());
  const known = knownNames(state);
  const starting = [...known.values()].filter(({ name }) => upperName(name).startsWith(text));
  const containing = [...known.values()].filter(({ name }) => upperName(name).indexOf(text) > 0);
  const found = [...starting, ...containing].slice(0, SUGGESTIONS_MAX);
  if (text === '' || known.has(text)) return found;
  return [...found, { name: typed.trim(), what: 'whoever has this name' }];
}

function knownNames(state: PageState): Map<string, Suggestion> {
  const known = new Map<string, Suggestion>([['*', { name: '*', what: reach(state) }]]);
  for (const { name, computers } of state.conversations) {
    const what = computers.length > 0 ? `on ${computers.join(', ')}` : 'written to before';
    if (!known.has(name)) known.set(name, { name, what });
  }
  for (const { name, state: presence } of state.computers) {
    if (presence !== 'gone' && !known.has(upperName(name)))
      known.set(upperName(name), { name, what: 'a computer' });
  }
  return known;
}
