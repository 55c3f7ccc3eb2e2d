import { batch } from '@preact/signals';
import type { Conversation, Outgoing, PageNote } from './api.js';
import { type Client, RequestError } from './client.js';
import { noNotes, withNews, withOlder } from './notes.js';
import { notifyOf } from './notifications.js';
import { announcement, current, EVERYBODY, found, isOpen, notes, query, state, trouble } from './store.js';
import { harmlessLine } from './text.js';

const PAGE = 200;
const OLDER_PAGE = 1000;
const FOUND_MAX = 100;
const KEY = 'mailslot.conversation';

/** What somebody can do on the page. */
export class Actions {
  readonly #client: Client;
  #loading: Promise<void> | undefined;
  #search = new AbortController();

  constructor(client: Client) {
    this.#client = client;
    current.value = sessionStorage.getItem(KEY) ?? EVERYBODY;
  }

  open(name: string): void {
    sessionStorage.setItem(KEY, name);
    batch(() => {
      isOpen.value = true;
      if (current.value === name) return;
      current.value = name;
      notes.value = noNotes;
    });
    void this.attempt(() => this.loadLatest());
  }

  /** The latest notes of the conversation that is shown, in place of what is shown of it. */
  async loadLatest(): Promise<void> {
    const name = current.value;
    const { notes: list, more } = await this.#client.notes({ with: name, limit: PAGE });
    // Somebody may have opened another one meanwhile; and what came meanwhile is here already.
    if (current.value !== name) return;
    const live = notes.value.list.filter((note) => note.receivedAt >= (list.at(-1)?.receivedAt ?? 0));
    notes.value = withNews({ list, more }, live);
    this.lookedAt();
  }

  /** The page of notes before those that are shown; asked for once at a time. */
  loadOlder(): Promise<void> {
    this.#loading ??= this.#loadOlder().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadOlder(): Promise<void> {
    const name = current.value;
    const before = notes.value.list[0]?.id;
    if (before === undefined || !notes.value.more) return;
    const page = await this.#client.notes({ with: name, before, limit: OLDER_PAGE });
    if (current.value === name) notes.value = withOlder(notes.value, page.notes, page.more);
  }

  /** Notes that came: those in sight are read, of the others somebody is told. */
  came(news: readonly PageNote[]): void {
    const unread = news.filter((note) => !note.isOwn && !note.isRead);
    const last = unread.at(-1);
    if (last === undefined) return;
    const more = unread.length > 1 ? ` and ${unread.length - 1} more` : '';
    announcement.value = `${last.level === 'info' ? 'New message' : last.level} from ${harmlessLine(last.from)}: ${harmlessLine(last.text.slice(0, 200))}${more}`;
    notifyOf(unread, (note) => this.open(note.with));
    this.lookedAt();
  }

  /** What is shown to somebody who looks is read; an alert only when it is confirmed. */
  lookedAt(): void {
    const shown = state.value?.conversations.find(({ name }) => name === current.value);
    if (shown !== undefined && shown.unread > 0 && isLookedAt()) void this.#readAll(shown);
  }

  readonly #reading = new Set<string>();

  async #readAll({ name }: Conversation): Promise<void> {
    if (this.#reading.has(name)) return;
    this.#reading.add(name);
    await this.attempt(() => this.#client.readAll(name));
    this.#reading.delete(name);
  }

  confirm(note: PageNote): Promise<boolean> {
    return this.attempt(() => this.#client.read([note.id]));
  }

  /** Why nobody would have it, if nobody answers to the name: then it is for the writer to say whether it is sent all the same. */
  async send(note: Outgoing): Promise<{ readonly isSent: boolean; readonly nobody?: string }> {
    let nobody: string | undefined;
    const isSent = await this.attempt(async () => {
      const sent = await this.#client.send(note).catch((error: unknown) => {
        if (!isNobody(error)) throw error;
        nobody = error.message;
      });
      if (!sent) return;
      if (sent.with === current.value) notes.value = withNews(notes.value, [sent]);
      // Unless somebody has gone elsewhere meanwhile.
      else if (note.to === current.value) this.open(sent.with);
    });
    return nobody === undefined ? { isSent } : { isSent: false, nobody };
  }

  addName(name: string): Promise<boolean> {
    return this.attempt(() => this.#client.addName(name));
  }

  removeName(name: string): Promise<boolean> {
    return this.attempt(() => this.#client.removeName(name));
  }

  async search(text: string): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    batch(() => {
      query.value = text;
      found.value = text.trim() === '' ? [] : undefined;
    });
    if (text.trim() === '') return;
    await this.attempt(async () => {
      const page = await this.#client.notes({ search: text.trim(), limit: FOUND_MAX }, signal);
      if (!signal.aborted) found.value = page.notes.toReversed();
    });
  }

  /** Whether it was done; if not, the page says why. */
  async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      trouble.value = '';
      return true;
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'AbortError') trouble.value = message;
      return false;
    }
  }
}

/** Alone there is nobody else whom it could reach later. */
function isNobody(error: unknown): error is RequestError {
  return (
    error instanceof RequestError && error.code === 'ERR_MAILSLOT_NOT_FOUND' && state.value?.domain !== null
  );
}

/** On a narrow screen the list may be over it. */
function isLookedAt(): boolean {
  const isShown = isOpen.value || !matchMedia('(max-width: 720px)').matches;
  return isShown && document.visibilityState === 'visible' && document.hasFocus();
}
