import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Change, Conversation, PageNote, PageState } from './api.js';
import { type Notes, noNotes, withNews } from './notes.js';

export const EVERYBODY = '*';

/** `gone`: lost for long; `refused`: the token is not that of the server; `missing`: there is none. */
export type Connection = 'connecting' | 'live' | 'lost' | 'gone' | 'refused' | 'missing';

export const connection: Signal<Connection> = signal<Connection>('connecting');

/** Everything but the notes; undefined until the server has told. */
export const state: Signal<PageState | undefined> = signal<PageState | undefined>(undefined);

/** The conversation that is shown. */
export const current: Signal<string> = signal(EVERYBODY);

/** On a narrow screen: whether the conversation is shown, or the list of all. */
export const isOpen: Signal<boolean> = signal(false);

export const notes: Signal<Notes> = signal(noNotes);

/** What is looked for in all notes, and what was found, the latest first; undefined while it is looked for. */
export const query: Signal<string> = signal('');
export const found: Signal<readonly PageNote[] | undefined> = signal<readonly PageNote[] | undefined>([]);

export type Dialog = 'help' | 'names' | 'recipient';
export const dialog: Signal<Dialog | undefined> = signal<Dialog | undefined>(undefined);

/** What a request came to that somebody should know. */
export const trouble: Signal<string> = signal('');

/** What a screen reader says next. */
export const announcement: Signal<string> = signal('');

export const conversations: ReadonlySignal<readonly Conversation[]> = computed(
  () => state.value?.conversations ?? [],
);

export const unread: ReadonlySignal<number> = computed(() =>
  conversations.value.reduce((sum, conversation) => sum + conversation.unread, 0),
);

/** The conversation with that name; one in which nobody has written yet is empty. */
export function conversationOf(name: string): Conversation {
  const known = conversations.value.find((each) => each.name === name);
  return known ?? { ...blank, name };
}

const blank = { computers: [], snippet: '', isOwn: false, time: 0, unread: 0, isMore: false };

export function apply(change: Change): void {
  const before = state.value;
  if (before === undefined) return;
  const { notes: news = [], conversations: changed = [], ...replaced } = change;
  batch(() => {
    state.value = { ...before, ...replaced, conversations: merged(before.conversations, changed) };
    notes.value = withNews(
      notes.value,
      news.filter((note) => note.with === current.value),
    );
  });
}

function merged(before: readonly Conversation[], changed: readonly Conversation[]): readonly Conversation[] {
  if (changed.length === 0) return before;
  const byName = new Map(before.map((each) => [each.name, each]));
  for (const each of changed) byName.set(each.name, each);
  return [...byName.values()].sort((one, other) => other.time - one.time);
}
