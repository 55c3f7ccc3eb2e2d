import type { Actions } from './actions.js';
import { conversations, current, dialog, EVERYBODY, isOpen, query, state } from './store.js';

/**
 * What keys do, for the help and for {@link startKeyboard}. Letters only with Alt: whoever types before the field has the
 * focus would go elsewhere by the first letters, and send the rest to whom it was not meant for.
 */
export const keys: readonly (readonly [key: string, what: string])[] = [
  ['?', 'This help'],
  ['Alt+N', 'Write to somebody'],
  ['Alt+E', 'Everybody'],
  ['Alt+J or Alt+↓', 'Next conversation'],
  ['Alt+K or Alt+↑', 'Previous conversation'],
  ['Alt+R', 'Write in this conversation'],
  ['/', 'Search'],
  ['Alt+C', 'Confirm the first alert'],
  ['Enter', 'Send; Shift+Enter begins a new line'],
  ['Esc', 'Close, leave a field, go back'],
];

export function startKeyboard(actions: Actions): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || dialog.value !== undefined) return;
    if (press(event, actions)) event.preventDefault();
  });
}

/** Whether the key was one of ours. */
function press(event: KeyboardEvent, actions: Actions): boolean {
  const target = event.target as HTMLElement;
  if (event.key === 'Escape') return leave(target, actions);
  if (!event.altKey && isTyping(target)) return false;
  const deed = event.altKey ? withAlt[keyOf(event)] : alone[event.key];
  if (deed === undefined) return false;
  deed(actions);
  return true;
}

/** With Alt a Mac writes other characters: where somebody is typing they are meant, elsewhere the key is. */
function keyOf({ key, code, target }: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const isOther = letter !== undefined && !/^[a-z]$/i.test(key) && !isTyping(target as HTMLElement);
  return (isOther ? letter : key).toLowerCase();
}

type DeedsByKey = Readonly<Record<string, (actions: Actions) => void>>;

const withAlt: DeedsByKey = {
  n: () => show('recipient'),
  e: (actions) => actions.open(EVERYBODY),
  j: (actions) => step(actions, 1),
  arrowdown: (actions) => step(actions, 1),
  k: (actions) => step(actions, -1),
  arrowup: (actions) => step(actions, -1),
  r: () => focusOn('#text'),
  c: (actions) => {
    const first = state.value?.alerts[0];
    if (first !== undefined) void actions.confirm(first);
  },
};

const alone: DeedsByKey = {
  '?': () => show('help'),
  '/': () => {
    isOpen.value = false;
    focusOn('#search');
    // On a narrow screen it is only just coming into sight.
    requestAnimationFrame(() => focusOn('#search'));
  },
};

function show(which: 'help' | 'recipient'): void {
  dialog.value = which;
}

function step(actions: Actions, by: number): void {
  const others = conversations.value.map(({ name }) => name).filter((name) => name !== EVERYBODY);
  const all = [EVERYBODY, ...others];
  const next = all[(all.indexOf(current.value) + by + all.length) % all.length]!;
  actions.open(next);
}

function leave(target: HTMLElement, actions: Actions): boolean {
  if (query.value !== '') void actions.search('');
  else if (isTyping(target)) target.blur();
  else if (isOpen.value) isOpen.value = false;
  else return false;
  return true;
}

function isTyping(target: HTMLElement): boolean {
  return target.matches('input, textarea, select');
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}
