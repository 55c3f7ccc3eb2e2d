// What the page and its server say to each other, as JSON. Both are of one build: there are no versions.

export type Level = 'info' | 'warning' | 'alert';

/** What became of a note of ours: it arrived at somebody, or somebody has read it. */
export interface Receipt {
  readonly name: string;
  readonly computer?: string | undefined;
  readonly kind: 'delivered' | 'read';
  /** Milliseconds since 1970, as all times here. */
  readonly time: number;
}

/** A message of the messenger, as the page shows it. */
export interface PageNote {
  readonly id: string;
  /** The conversation it belongs to: `*`, or the other name. */
  readonly with: string;
  /** Who the sender says to be. */
  readonly from: string;
  /** Where it came from, as the network knows; none for notes of the messenger itself. */
  readonly computer?: string | undefined;
  /** Whether the sender's computer is known to be a member of the domain, or this very one. */
  readonly authenticated: boolean;
  readonly to: string;
  readonly text: string;
  readonly level: Level;
  readonly time: number;
  readonly receivedAt: number;
  readonly isOwn: boolean;
  readonly isRead: boolean;
  /** The messenger itself says so, and nobody sent it. */
  readonly isNotice: boolean;
  readonly receipts: readonly Receipt[];
}

export interface Conversation {
  /** `*` for everybody, else a name, which is in upper case as all are. */
  readonly name: string;
  /** Where its notes came from, the latest first. */
  readonly computers: readonly string[];
  /** The beginning of its latest note. */
  readonly snippet: string;
  readonly isOwn: boolean;
  /** When the latest note came; 0 if there is none. */
  readonly time: number;
  readonly unread: number;
  /** More are unread than are counted. */
  readonly isMore: boolean;
}

export interface PageName {
  readonly name: string;
  readonly kind: 'computer' | 'user' | 'alias' | 'everybody';
  readonly state: 'yours' | 'taken' | 'free';
  /** The uid of another account that has this one's name. */
  readonly squatter?: number;
}

export interface PageComputer {
  readonly name: string;
  readonly domain: string;
  readonly state: 'here' | 'silent' | 'gone';
  readonly since: number;
  readonly isThis: boolean;
}

/** Everything but the notes. */
export interface PageState {
  readonly computer: string;
  /** Null: there is no domain, and everybody is who is on this computer. */
  readonly domain: string | null;
  readonly names: readonly PageName[];
  readonly computers: readonly PageComputer[];
  /** The latest first. */
  readonly conversations: readonly Conversation[];
  /** Alerts that nobody has confirmed, the oldest first: not all of them, if there are very many. */
  readonly alerts: readonly PageNote[];
  /** Which run of the server this is, and the last change that is in this state: `GET events` goes on from here. */
  readonly run: string;
  readonly sequence: number;
}

/** What changed: each field that is there replaces what was, save that notes and conversations are those that changed. */
export interface Change {
  readonly notes?: readonly PageNote[];
  readonly conversations?: readonly Conversation[];
  readonly alerts?: readonly PageNote[];
  readonly names?: readonly PageName[];
  readonly computer?: string;
  readonly domain?: string | null;
  readonly computers?: readonly PageComputer[];
}

export interface PageNotes {
  /** The oldest first. */
  readonly notes: readonly PageNote[];
  /** There are older ones. */
  readonly more: boolean;
}

/** A note to be sent. */
export interface Outgoing {
  readonly to: string;
  readonly text: string;
  readonly level: Level;
  /** What the receivers are asked for. */
  readonly wants?: 'delivered' | 'read';
  /** Without asking first whether anybody has the name. */
  readonly anyway?: boolean;
}

/** What a refused request says. */
export interface PageFailure {
  readonly error: string;
  readonly code?: string;
}
