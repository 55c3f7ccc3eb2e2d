import type { Conversation } from '@mailslot/web/api';
import { COMPUTERS_OF_NAME_MAX, SNIPPET_UNITS, UNREAD_MAX } from './limits.js';
import type { Note } from './messenger.js';

/** The conversation that a note belongs to: `*`, or the other's name, which a messenger has in upper case. */
export function partnerOf({ isOwn, to, from }: Note): string {
  return isOwn || to === '*' ? to : from;
}

/** What the list of conversations shows of one. */
export class Summary {
  readonly name: string;
  #latest: Note;
  #computers: readonly string[] = [];
  readonly #unread = new Set<string>();
  /** There were more unread notes than are remembered. */
  #isMore = false;

  constructor(first: Note) {
    this.name = partnerOf(first);
    this.#latest = first;
  }

  /** A note of this conversation is there, or has changed. */
  see(note: Note): void {
    if (note.receivedAt >= this.#latest.receivedAt) this.#latest = note;
    if (!note.isOwn && note.computer !== undefined) this.#seeComputer(note.computer);
    if (note.isRead || note.isOwn) this.#unread.delete(note.id);
    else if (this.#unread.size < UNREAD_MAX) this.#unread.add(note.id);
    else if (!this.#unread.has(note.id)) this.#isMore = true;
  }

  #seeComputer(computer: string): void {
    if (this.#computers[0] === computer) return;
    const others = this.#computers.filter((each) => each !== computer);
    this.#computers = [computer, ...others].slice(0, COMPUTERS_OF_NAME_MAX);
  }

  /** All that were remembered are read, and there were more: they have to be looked for. */
  get hasLostCount(): boolean {
    return this.#isMore && this.#unread.size === 0;
  }

  /** Counts anew, from all that are unread. */
  recount(unread: readonly Note[]): void {
    this.#unread.clear();
    this.#isMore = unread.length > UNREAD_MAX;
    for (const { id } of unread.slice(0, UNREAD_MAX)) this.#unread.add(id);
  }

  get time(): number {
    return this.#latest.receivedAt;
  }

  conversation(): Conversation {
    return {
      name: this.name,
      computers: this.#computers,
      snippet: snippetOf(this.#latest),
      isOwn: this.#latest.isOwn,
      time: this.#latest.receivedAt,
      unread: this.#unread.size,
      isMore: this.#isMore,
    };
  }
}

/** The list has one line for it. In a conversation of many, who said it is a part of what was said. */
function snippetOf(note: Note): string {
  const text = note.text.slice(0, SNIPPET_UNITS).replace(/\s+/g, ' ');
  return note.to === '*' && !note.isOwn ? `${note.from}: ${text}` : text;
}
