import type { PageComputer, PageName, Receipt } from '@mailslot/web/api';

export type Level = 'info' | 'warning' | 'alert';

/** A message for people, as the messenger has it. */
export interface Note {
  readonly id: string;
  readonly from: string;
  /** Undefined: this one. */
  readonly computer: string | undefined;
  readonly authenticated: boolean;
  readonly to: string;
  readonly text: string;
  readonly level: Level;
  readonly time: number;
  readonly receivedAt: number;
  /** Seconds after `time` for which it is of use; undefined: for ever. */
  readonly ttl?: number | undefined;
  readonly isOwn: boolean;
  readonly isRead: boolean;
  readonly isNotice: boolean;
  readonly receipts: readonly Receipt[];
}

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
}

/** What the page needs of a messenger: the Messenger of `mailslot/messenger` has it all. */
export interface PageMessenger {
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
  readonly computer: string;
  /** Null: in no domain. */
  readonly domain: string | null;
  computers(): readonly PageComputer[];
  /** Calls when the computers or the domain are others. Returns what ends it. */
  onChange(listener: () => void): () => void;
}
