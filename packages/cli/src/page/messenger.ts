import type { PageComputer, PageName, Receipt } from '@mailslot/web/api';
import type { Level, Note as PersonalNote } from 'mailslot/messenger';

export type { Level };

/** A message for people: of the library's own, what the page needs. */
export type Note = Omit<PersonalNote, 'receipts' | 'reply' | 'thread' | 'ttl' | 'wants'> & {
  readonly ttl?: number | undefined;
  readonly receipts: readonly Receipt[];
};

interface NotesWanted {
  readonly limit?: number;
  /** Older than the note of this id. */
  readonly before?: string;
  readonly search?: string;
  readonly with?: string;
  readonly unreadOnly?: boolean;
}

interface SendOptions {
  readonly level?: Level;
  readonly wants?: 'delivered' | 'read';
  readonly anyway?: boolean;
}

/** What the page needs of a messenger: the Messenger of `mailslot/messenger` has it all. */
export interface PageMessenger {
  /** What this computer is called now. */
  readonly computer: string;
  names(): readonly PageName[];
  addName(name: string): Promise<void>;
  removeName(name: string): Promise<void>;
  send(to: string, text: string, options: SendOptions): Promise<Note>;
  /** A person has seen it. */
  confirm(id: string): Promise<void>;
  /** Each note that was received or sent from now on. Returns what ends it. */
  onNote(listener: (note: Note) => void): () => void;
  /** Each note that was read or that a receipt came for. */
  onChange(listener: (note: Note) => void): () => void;
  readonly history: { notes(wanted: NotesWanted): readonly Note[] };
}

/** Where this computer is, and who else. */
export interface PageNetwork {
  /** Null: in no domain. */
  readonly domain: string | null;
  computers(): readonly PageComputer[];
  /** Calls when the computers or the domain are others. Returns what ends it. */
  onChange(listener: () => void): () => void;
}
