import type { Actions } from './actions.js';
import { conversations, current, dialog, EVERYBODY, isOpen, query, state } from './store.js';

/** What keys do, for the help and for {@link startKeyboard}; a key of one letter only where nobody is typing. */
export const keys: readonly (readonly [key: string, what: string])[] = [
  ['?', 'This help'],
  ['n', 'Write to somebody'],
  ['e', 'Everybody'],
  ['j or Alt+↓', 'Next conversation'],
  ['k or Alt+↑', 'Previous conversation'],
  ['r', 'Write in this conversation'],
  ['/', 'Search'],
  ['c', 'Confirm the first alert'],
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
function press({ key, altKey, target }: KeyboardEvent, actions: Actions): boolean {
  if (key === 'Escape') return leave(target as HTMLElement, actions);
  if (altKey) {
    if (key === 'ArrowDown') return step(actions, 1);
    return key === 'ArrowUp' && step(actions, -1);
  }
  if (isTyping(target as HTMLElement)) return false;
  const deed = deeds[key];
  if (deed === undefined) return false;
  deed(actions);
  return true;
}

const deeds: Readonly<Record<string, (actions: Actions) => void>> = {
  '?': () => show('help'),
  n: () => show('recipient'),
  e: (actions) => actions.open(EVERYBODY),
  j: (actions) => step(actions, 1),
  k: (actions) => step(actions, -1),
  r: () => focusOn('#text'),
  '/': () => {
    isOpen.value = false;
    focusOn('#search');
    // On a narrow screen it is only just coming into sight.
    requestAnimationFrame(() => focusOn('#search'));
  },
  c: (actions) => {
    const first = state.value?.alerts[0];
    if (first !== undefined) void actions.confirm(first);
  },
};

function show(which: 'help' | 'recipient'): void {
  dialog.value = which;
}

function step(actions: Actions, by: number): boolean {
  const others = conversations.value.map(({ name }) => name).filter((name) => name !== EVERYBODY);
  const all = [EVERYBODY, ...others];
  const next = all[(all.indexOf(current.value) + by + all.length) % all.length]!;
  actions.open(next);
  return true;
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
