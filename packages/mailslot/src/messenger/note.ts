/** How urgent a message is. An alert stays on the screen until somebody confirms it. */
export type Level = 'info' | 'warning' | 'alert';

/** What became of a message, as its receiver tells: a messenger has it, or a person confirmed it. */
export type ReceiptKind = 'delivered' | 'read';

/** One receiver's word on a message of ours. */
export interface Receipt {
  /** The messenger name that it was received under, by its own word. */
  readonly name: string;
  /** The receiver's computer; `undefined`: this one. */
  readonly computer: string | undefined;
  readonly kind: ReceiptKind;
  /** When it came here, in milliseconds since 1970. */
  readonly time: number;
}

/** A message for people, as it stands in the history: received, or sent by us. Never changes; what changes is a new one. */
export interface Note {
  /** 16 digits of hex, by chance. */
  readonly id: string;
  /** The sender's messenger name, by its own word. */
  readonly from: string;
  /** The sender's computer, as the redirector tells; `undefined`: this one. */
  readonly computer: string | undefined;
  /** Whether somebody vouches for `computer`, as for `Sender.authenticated`. */
  readonly authenticated: boolean;
  /** A messenger name, or `*` for everybody. */
  readonly to: string;
  /** Any characters whatever, up to 60,000 bytes. Whoever shows it makes it harmless. */
  readonly text: string;
  readonly level: Level;
  /** The sender's clock, in milliseconds since 1970. */
  readonly time: number;
  /**
   * When it was received, or sent, by the clock of this computer; in a history never before the note that came before
   * it, even if the clock was set back.
   */
  readonly receivedAt: number;
  /** So many seconds after `time` it is no longer worth showing; `undefined`: it always is. */
  readonly ttl: number | undefined;
  /** The `id` of the message that began the conversation. */
  readonly thread: string | undefined;
  /** Which receipts the sender would like; `read` means both. */
  readonly wants: ReceiptKind | undefined;
  /** The slot that receipts go to. */
  readonly reply: string | undefined;
  /** Sent by this messenger, or by another one with the same history. */
  readonly isOwn: boolean;
  /** Confirmed by a person here; always so for what was sent by us. */
  readonly isRead: boolean;
  /** The messenger itself says so, and nobody sent it. */
  readonly isNotice: boolean;
  /** What came back for a message of ours: at most 64, one of a kind from each receiver. */
  readonly receipts: readonly Receipt[];
}

/** The other side of the conversation that a note belongs to: a messenger name, or `*` for what is for everybody. */
export function partnerOf(note: Note): string {
  return note.isOwn || note.to === '*' ? note.to : note.from;
}
