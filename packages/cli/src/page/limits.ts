// Every bound of the page's server, with its reason.

/** A body is one note, 60,000 bytes of text at most, in which JSON may write each of some characters in six. */
export const BODY_BYTES_MAX: number = 100_000;

/** Notes of one answer, and bytes of text after which an answer ends: what a browser shows without a pause. */
export const NOTES_MAX: number = 1_000;
export const NOTES_BYTES_MAX: number = 2 << 20;

/** What is looked for. */
export const SEARCH_UNITS_MAX: number = 200;

/** Browsers that follow the events at the same time: of the tabs of one, one does. */
export const STREAMS_MAX: number = 32;

/** Connections that have shown the token: a browser has six. */
export const CONNECTIONS_MAX: number = 256;

/** Those that have not, yet: as many as the system hands over at once (511), so that none is gone before it is read. */
export const STRANGERS_MAX: number = 512;

/** How long a connection may take to show the token: a browser asks for the page on it, and then for what is in it. */
export const STRANGER_MS: number = 10_000;

/** What waits for a page that reads slowly. After that it is cut off, comes back, and asks for what it missed. */
export const STREAM_BYTES_MAX: number = 4 << 20;

/** Changes that are kept for pages that come back; who missed more loads everything anew. */
export const KEPT_BYTES_MAX: number = 2 << 20;

/** Changes that come within this time go to the pages together: a flood costs 50 events a second, and nobody sees it. */
export const TOGETHER_MS: number = 20;

/** How often a page hears that we are still there. */
export const HEARTBEAT_MS: number = 15_000;

/** How often we look whether another process has added or removed a name, and whether an alert has expired. */
export const NAMES_MS: number = 3_000;

/** What a page may ask us to do: nobody types faster, and reading a long inbox is few requests. */
export const DEEDS_AT_ONCE: number = 100;
export const DEEDS_PER_SECOND: number = 20;

/** How long a client may take for its head, and for a whole request; and how often that is looked at. */
export const HEAD_MS: number = 10_000;
export const REQUEST_MS: number = 30_000;
export const LOOK_MS: number = 1_000;

/** Conversations of which there is a summary, the latest; and notes that are looked at for it when we start. */
export const CONVERSATIONS_MAX: number = 500;
export const SUMMARIZED_NOTES_MAX: number = 200_000;

/** Unread notes of a conversation that are counted; and alerts that wait for somebody to confirm them. */
export const UNREAD_MAX: number = 10_000;
export const ALERTS_MAX: number = 100;

/** The beginning of a note that a list shows. */
export const SNIPPET_UNITS: number = 120;

/** Computers that are shown for one name. */
export const COMPUTERS_OF_NAME_MAX: number = 4;
