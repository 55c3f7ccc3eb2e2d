// Every bound of this transport, with its reason.

const KB = 1024;
const MB = 1024 * KB;

/** Bytes of a subject's token before they are text: two names meet by chance after 2⁶⁰ of them, and 20 characters hold it. */
export const TOKEN_BYTES: number = 15;

/** Tokens that are remembered, and the longest name among them: together less than 4 MB. */
export const MAX_TOKENS: number = 4_096;
export const MAX_TOKEN_UNITS: number = 256;

/** Servers that may be configured: a cluster tells of its others. */
export const MAX_SERVERS: number = 64;

/** Servers that a server may tell of beside those that are configured: more than clusters have. */
export const MAX_TOLD_SERVERS: number = 32;

/** A line of a server, without the payload that follows it: it introduces itself with a list of servers, subjects have 4 KB. */
export const NATS_LINE: number = 64 * KB;

/** No NATS server can be configured for larger payloads. */
export const MAX_SERVER_PAYLOAD: number = 64 * MB;

/** Lines that a server sends unasked, an introduction or a question whether we are there: so many at once, and a second. */
export const UNASKED_LINES: number = 256;
export const UNASKED_LINES_PER_SECOND: number = 16;

/** Messages that wait together for one subject share a packet of this size. Larger ones gain nothing any more. */
export const NATS_BATCH: number = 32 * KB;

/** A server that takes less is of no use: every transport carries messages of 1,000 bytes, with names around them. */
export const NATS_LEAST_PAYLOAD: number = 1_400;

/** What waits to be sent: 256 subjects with one packet each, or so many packets of one. */
export const NATS_BUFFER: number = 8 * MB;

/** When so much waits it leaves within the turn, so that a long turn does not fill the buffer while the network rests. */
export const NATS_TURN: number = 128 * KB;

/**
 * How much may have left without the server's word that it has it. The client library keeps whatever it is given, so this
 * bounds its memory, and what the loss of a connection puts in doubt. It follows the connection between these two.
 */
export const NATS_WINDOW_MIN: number = 128 * KB;
export const NATS_WINDOW_MAX: number = 4 * MB;

/** The window doubles when the server's word came within this time, and is halved when it took longer than that. */
export const NATS_QUICK_MS: number = 250;
export const NATS_SLOW_MS: number = 1_000;

/** The server is asked for its word so often within a window, and this long after a packet that nobody asked for. */
export const NATS_ASKS: number = 4;
export const NATS_ASK_MS: number = 100;

/** What has waited longer is not sent: receivers throw away what is 30 s old, and clocks differ. */
export const NATS_KEEP_MS: number = 20_000;

/** How long one server is given to answer, and to let us in: one that checks slow hashes of many passwords takes its time. */
export const NATS_ANSWER_MS: number = 3_000;
export const NATS_LOGIN_MS: number = 10_000;

/** How long after a failed attempt the next one to the same server, and by how much of that longer by chance. */
export const NATS_RETRY_MS: number = 200;
export const NATS_RETRY_JITTER: number = 1.5;

/** An attempt that took longer, or was refused, cost the server something: the next pauses grow, up to this. */
export const NATS_COSTLY_MS: number = 100;
export const NATS_RETRY_MAX_MS: number = 10_000;

/**
 * How long packets wait after the connection is found again: the others lost theirs too, and what leaves before they are
 * back is lost. Longer than the pause between two attempts.
 */
export const NATS_GRACE_MS: number = 750;

/** How often a quiet connection is looked after; the third time without an answer it is lost. */
export const NATS_PING_MS: number = 5_000;

/** How long a transport that is closed goes on sending what waits. */
export const NATS_LINGER_MS: number = 1_000;

/** Subjects that the server refused, kept to be shown and not to be tried again for this long. */
export const MAX_REFUSED: number = 64;
export const NATS_REFUSED_MS: number = 60_000;

/** How often sessions, refusals and what waits are looked at: the packet reader asks for a second. */
export const NATS_LOOK_MS: number = 1_000;
