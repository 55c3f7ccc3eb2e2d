/** The messenger. Sizes are bytes, times milliseconds. */

const KB = 1024;
const MB = 1024 * KB;

/** A message for people and all that goes with it: no more than every transport carries. */
export const MAX_NOTE_BYTES: number = 60 * KB;

/** Its text, in UTF-8: leaves a kilobyte to the names. */
export const MAX_NOTE_TEXT: number = 60_000;

/** A messenger name, in UTF-16 units: fits on a screen beside its text. */
export const MAX_MESSENGER_NAME: number = 64;

/** Names that one messenger may have beside those of its computer and user: each is a slot and a connection. */
export const MAX_ALIASES: number = 32;

/** The file that keeps them: many times what so many names take. */
export const MAX_NAMES_FILE: number = 64 * KB;

/** How long a name that is asked for waits for the answer of somebody who has it. */
export const NAME_QUESTION_MS: number = 500;

/** A name that somebody else has is tried again after this time, then after ever longer ones. */
export const NAME_RETRY_MS: number = 2_000;
export const NAME_RETRY_MAX_MS: number = 60_000;

/** A message is no longer worth showing after a year at the latest, in seconds. */
export const MAX_NOTE_TTL: number = 31_536_000;

/** Receipts for a message to everybody are spread over this time: a whole LAN gives them. */
export const RECEIPT_SPREAD_MS: number = 1_000;

/** Receipts kept of one message. */
export const MAX_RECEIPTS: number = 64;

/** What one sender may send at once, and a second in the long run: more than a person types, less than one can read. */
export const FLOOD_BURST: number = 50;
export const FLOOD_PER_SECOND: number = 5;

/** A computer may send so many times as much as one of its senders: names are free. */
export const FLOOD_COMPUTER: number = 4;

/** An address so many times as much: behind that of a NATS server is a whole site. */
export const FLOOD_ADDRESS: number = 10;

/** All together may send so many times as much as one sender: a hall of computers that all have something to say. */
export const FLOOD_ALL: number = 40;

/** Senders, and computers, whose rate is watched; beyond, the one that was quiet longest is forgotten. */
export const MAX_FLOOD_SENDERS: number = 1_024;

/** How often the history tells that messages were refused, or that nothing leads to others. */
export const NOTICE_MS: number = 60_000;

/** Senders shown in the statistics of a messenger: the latest. */
export const MAX_SENDERS_SHOWN: number = 64;

/** A history: so many files of this size, and in memory the latest notes of them, which is about 50 MB beside the texts. */
export const HISTORY_FILES: number = 4;
export const HISTORY_FILE_BYTES: number = 8 * MB;
export const HISTORY_NOTES: number = 50_000;

/** The texts of a history in memory, in UTF-8: as much as its files can hold, for one that has none. */
export const HISTORY_TEXT: number = 32 * MB;

/** A line of a history: the longest text, with each character escaped. */
export const HISTORY_LINE: number = 512 * KB;

/** What is read of a history at once: more than the longest line. */
export const HISTORY_READ: number = MB;

/** Messages confirmed by one line of a history. */
export const HISTORY_READ_IDS: number = 1_000;

/** Messages of ours that are remembered as such before they are in the history. */
export const HISTORY_OWN: number = 4_096;

/** How soon after a change of its folder a history is read again, and how often in case nobody tells of a change. */
export const HISTORY_SETTLE_MS: number = 10;
export const HISTORY_RECHECK_MS: number = 2_000;

/** Messengers of one user on one computer that hear what is for everybody: a page, an inbox, a chat, and some of programs. */
export const MEMBERS_PER_USER: number = 16;

/** How long the messengers of a root are known before they are looked up again: a look costs as much as there are slots. */
export const MEMBERS_HOLD_MS: number = 500;

/** How long a messenger of this computer may take to accept what is handed to it: it only queues it. */
export const DELIVERY_MS: number = 2_000;

/** Slots that a messenger writes to at once of its own accord, and what waits for one of them; the rest is not attempted. */
export const DELIVERIES_AT_ONCE: number = 64;
export const DELIVERIES_TO_ONE: number = 64;

/** How long whoever has answered to a name, or written, is not asked for again; and how many names are remembered so. */
export const SEEN_MS: number = 60_000;
export const MAX_SEEN: number = 256;

/** How often a messenger looks whether its computer is called otherwise; a redirector that runs tells it at once. */
export const COMPUTER_RECHECK_MS: number = 2_000;
