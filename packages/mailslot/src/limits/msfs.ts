/** Names, slots, configuration: one computer. Sizes are bytes, times milliseconds. */

const KB = 1024;
const MB = 1024 * KB;

/** A name's path, in UTF-16 units: Windows allows 32,766 for `\Device\Mailslot\` and what follows it. */
export const MAX_PATH_UNITS: number = 32_766 - '\\Device\\Mailslot\\'.length;

/** A computer's or domain's name, in UTF-16 units: the longest host name of DNS. */
export const MAX_HOST_UNITS: number = 255;

/** A message, unless the slot's own `maxMessageSize` says otherwise: no writer can claim more memory at once. */
export const DEFAULT_MESSAGE_LIMIT: number = 4 * MB;

/** The largest length a frame's header can say; higher values are requests. */
export const MAX_FRAME_BODY: number = 0xffff_feff;

/** What a slot's queue holds before its rule for a full queue applies. */
export const DEFAULT_QUEUE_BYTES: number = 64 * MB;

/** Charged for each message beside its bytes, so that empty messages cannot fill memory for nothing. */
export const MESSAGE_OVERHEAD: number = 64;

/** What a client holds of messages that the kernel has not taken: some turns of a fast writer. */
export const DEFAULT_CLIENT_BUFFER: number = MB;

/**
 * Small messages are packed into blocks of this size, each written with one call: large enough that the call costs
 * little, small enough for the buffer that Linux gives a socket (208 KB).
 */
export const OUTBOX_BLOCK: number = 192 * KB;

/** The first block of a client, which perhaps has only one message to send. */
export const FIRST_BLOCK: number = 32 * KB;

/** What the redirector holds for a slot whose process does not keep up, before messages are lost: 200 ms of a full LAN. */
export const FEED_BUFFER: number = 16 * MB;

/** From this length on a body is written without a copy and read straight into a buffer of its own. */
export const LARGE_BODY: number = 16 * KB;

/** One read buffer serves all quiet connections of a thread: what it catches is copied out at once, into slabs of this size. */
export const SCRATCH: number = 64 * KB;

/**
 * A message up to this length stays in the buffer that is lent for a moment, when its reader keeps nothing: what is
 * here of it is copied in front of the next read, which costs less than a buffer of its own.
 */
export const LENT_BODY: number = 128 * KB;

/** A busy connection reads into a slab of its own, which its messages then share without a copy. */
export const SLAB: number = 256 * KB;

/** Rest of a slab below which the next read starts a new one. */
export const SLAB_REST: number = 64 * KB;

/**
 * What runs may keep alive beyond what they are charged, before they are copied into memory of their own: the slabs of
 * as many busy connections as there may be, and never more than a quarter of the queue's bound.
 */
export const KEPT_BEYOND: number = 16 * MB;

/**
 * What the connections of one slot may hold of bytes that are not in the queue yet, because messages wait for room or
 * are incomplete. Beyond, each is read in small pieces.
 */
export const MAX_UNPARSED: number = 8 * MB;

/** What is read at once of a connection then, and from which length on an unfinished message needs room in the queue. */
export const CROWDED_READ: number = 4 * KB;
export const CROWDED_BODY: number = KB;

/**
 * What is read at once of a quiet connection. The buffer of a read is named when the one before it is over, so that as
 * much may come of every connection, however long ago, that then finds no room: 32 MiB of all that there may be.
 */
export const QUIET_READ: number = 16 * KB;

/** A read of this size, all that a quiet connection reads at once, makes it busy; one below a quarter makes it quiet again. */
export const BUSY_READ: number = 16 * KB;

/** Connections of one slot that may be busy at once: bounds their slabs to 16 MiB. */
export const MAX_BUSY: number = 64;

/** What a client reads at once: greetings and answers are short. */
export const CLIENT_READ: number = 4 * KB;

/** After a large body the next header is caught by a window this small, so that the next body needs no copy. */
export const HEADER_WINDOW: number = 512;

/** A large message must be here within this time if others wait to begin one meanwhile, or its writer is cut off. */
export const LARGE_BODY_MS: number = 10_000;

/** A process id: every system's are positive and have 31 bits. */
export const MAX_PROCESS_ID: number = 0x7fff_ffff;

/** The last millisecond that a `Date` can say. */
export const MAX_MOMENT: number = 8_640_000_000_000_000;

/**
 * So much of a large message lies in the system, on each, before its writer must do anything more. Who has not sent it a
 * look after there was room for it announces what may never come.
 */
export const SHOWN_BODY: number = 4 * KB;

/**
 * Once others have gone without for that time, whoever holds up the room, one after the other: so much must come in so
 * many looks, which follow each other so fast, of a message that is given room.
 */
export const SIEGE_LOOK_MS: number = 25;
export const SIEGE_LOOKS: number = 10;
export const SIEGE_PACE: number = 16 * MB;

/** Clients of one slot that may be connected at once, some 20 KB each: twice the thousand that are promised. */
export const MAX_CLIENTS: number = 2_048;

/**
 * Descriptors that clients of slots leave to everything else that their process does, or an eighth where there are few:
 * files that it opens, connections that it makes, clients that are being turned away.
 */
export const SPARE_DESCRIPTORS: number = 32;

/** A client that has not said hello after this time is no client. Ours says it in the turn in which it is greeted. */
export const HELLO_MS: number = 10_000;

/** A server that accepts a connection but does not greet within this time is stopped or not a mailslot. */
export const GREETING_MS: number = 10_000;

/** How long a slot that is closed waits for its clients to read their last answer and hang up. */
export const LINGER_MS: number = 1_000;

/** Pause before asking again a server whose backlog is full. */
export const BUSY_RETRY_MS: number = 5;

/** Waiting for a slot to appear: how often to look even if the system told of no change. */
export const APPEAR_RECHECK_MS: number = 250;

/** How often a server looks whether its place in the root is still there, and keeps it from looking abandoned. */
export const PLACE_CHECK_MS: number = 60_000;

/** Rounds of claiming a name: in each somebody wins or a dead slot goes, unless something else is in the way. */
export const CLAIM_ROUNDS: number = 200;

/** A half-made place this old was left by a killed process. */
export const STALE_PLACE_MS: number = 60_000;

/** Connections that wait in the kernel for the server's next turn: 500 clients may come at once. */
export const BACKLOG: number = 4096;

/** Usable bytes of `sun_path`: 108 on Linux, 104 elsewhere, less the terminator. */
export const SOCKET_PATH_LINUX: number = 107;
export const SOCKET_PATH_OTHER: number = 103;

/** A greeting or an answer to a client: the longest name in UTF-8 fits. */
export const MAX_CONTROL_BYTES: number = 128 * KB;

/** What a server says is wrong becomes the text of an error, which people read: ours say some 200 characters. */
export const MAX_FAULT_TEXT: number = 1_000;

/** Who sent a message, as the redirector tells a slot: the longest names of a computer and a domain fit. */
export const MAX_SENDER_BYTES: number = 4 * KB;

/** Senders of which one object serves all messages that the redirector hands over: those who take turns on a LAN. */
export const MAX_SENDERS: number = 256;

/** One of many slots that does not say at once how it stands is stopped or busy: the list does not wait for it. */
export const LIST_PATIENCE_MS: number = 1_000;

/** A whole list takes no longer, whatever the slots do: those that were not asked by then are told as such. */
export const LIST_TOTAL_MS: number = 3_000;

/** A slot's folder holds its socket, and perhaps what file managers leave; more than this is not looked at. */
export const MAX_FOLDER_ENTRIES: number = 64;

/** Slots asked at once by `listMailslots`: quick, without exhausting descriptors. */
export const LIST_CONCURRENCY: number = 64;

/** The configuration file, and a policy: thousands of rules fit, and nothing that was named by mistake is read whole. */
export const MAX_CONFIG_BYTES: number = MB;

/** Domains, and keys of one domain, that a configuration may hold: each costs sockets or a look at every datagram. */
export const MAX_DOMAINS: number = 16;
export const MAX_KEYS: number = 16;

/** How long the system may take to say whose account a name is: it may have to ask a server. */
export const ACCOUNT_QUESTION_MS: number = 3_000;

/** Questions of that kind at once: each is a process, and whoever makes slots asks them. */
export const MAX_ACCOUNT_QUESTIONS: number = 8;
