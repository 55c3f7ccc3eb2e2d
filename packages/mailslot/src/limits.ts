/** Every bound of the system, with its reason. Sizes are bytes, times milliseconds. */

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

/** One read buffer serves all quiet connections of a thread: what it catches is copied out at once. */
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

/** A read of this size makes a connection busy; one below a quarter of it makes it quiet again. */
export const BUSY_READ: number = 32 * KB;

/** Connections of one slot that may be busy at once: bounds their slabs to 16 MiB. */
export const MAX_BUSY: number = 64;

/** What a client reads at once: greetings and answers are short. */
export const CLIENT_READ: number = 4 * KB;

/** After a large body the next header is caught by a window this small, so that the next body needs no copy. */
export const HEADER_WINDOW: number = 512;

/** A large message that others wait behind must be here within this time, or its writer is cut off. */
export const LARGE_BODY_MS: number = 10_000;

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

/** Who sent a message, as the redirector tells a slot: the longest names of a computer and a domain fit. */
export const MAX_SENDER_BYTES: number = 4 * KB;

/** One of many slots that does not say at once how it stands is stopped or busy: the list does not wait for it. */
export const LIST_PATIENCE_MS: number = 1_000;

/** Slots asked at once by `listMailslots`: quick, without exhausting descriptors. */
export const LIST_CONCURRENCY: number = 64;

/** The configuration file, and a policy: thousands of rules fit, and nothing that was named by mistake is read whole. */
export const MAX_CONFIG_BYTES: number = MB;

/** Domains, and keys of one domain, that a configuration may hold: each costs sockets or a look at every datagram. */
export const MAX_DOMAINS: number = 16;
export const MAX_KEYS: number = 16;

/* The browser: which computers are there. */

/** Instances of one domain that are remembered: 16 MB, and more computers than a LAN can hold. */
export const MAX_PEERS: number = 20_000;

/** Instances of one computer: its users and containers. Comparing each with each for a conflict stays cheap. */
export const MAX_PEERS_PER_COMPUTER: number = 32;

/** Addresses shown of one instance: its interfaces, in both families. */
export const MAX_ADDRESSES: number = 4;

/** Services that an announcement may offer, and the length of their names: keeps it below 400 bytes. */
export const MAX_OFFERS: number = 8;
export const MAX_OFFER_LENGTH: number = 32;

/** A domain's announcements are so far apart on the average: ten a second, whatever the number of its computers. */
export const ANNOUNCE_SPACING_MS: number = 100;

/** The shortest time between two announcements of one computer: few computers hear of a loss soon. */
export const ANNOUNCE_MIN_MS: number = 1_000;

/** The longest: with the most computers that are remembered. Nobody's word keeps an entry alive for longer. */
export const ANNOUNCE_MAX_MS: number = MAX_PEERS * ANNOUNCE_SPACING_MS;

/** The first announcement comes within this time, so that computers that start together do not speak together. */
export const OPENING_JITTER_MS: number = 100;

/** Announcements of a start, and the time between them: all computers know a newcomer in a second, also if two are lost. */
export const OPENINGS: number = 3;
export const OPENING_PAUSE_MS: number = 200;

/** Nobody was heard for this long, three of the shortest intervals: we were cut off, or alone. */
export const QUIET_MS: number = 3_500;

/** A computer that is gone is shown, and not taken for new on hearsay, for this long. */
export const FORGET_MS: number = 600_000;

/** How often to look who is overdue: often among few, and rarely among many, who may be silent for long. */
export const AGE_CHECK_MIN_MS: number = 500;
export const AGE_CHECK_MAX_MS: number = 5_000;

/** The network's buffer was full: an announcement or a part of the roster is tried again after this time. */
export const ROSTER_RETRY_MS: number = 20;

/** A roster goes in messages of this size, one each {@link ROSTER_PACE_MS}: 10,000 computers in a quarter of a second. */
export const ROSTER_PART_BYTES: number = 8 * KB;
export const ROSTER_PACE_MS: number = 2;

/** A part that found no room is tried so often before the roster is given up: a second. */
export const ROSTER_TRIES: number = 50;

/** A roster of which no part came for this long is not complete and will not be. */
export const ROSTER_OVER_MS: number = 100;

/** Requests for the roster are collected for this long; so it is seen whether one computer starts or a whole LAN. */
export const GATHER_MS: number = 30;

/** If more computers than this ask together, one roster goes to the domain instead of one to each. */
export const CROWD: number = 8;

/** Rosters that one member hands out at a time. */
export const MAX_HANDOVERS: number = 8;

/** Between two rosters for the whole domain: hearing one keeps the other members from sending theirs. */
export const CROWD_PAUSE_MS: number = 200;

/** Echoes that this computer answers in a second: enough for a doctor, useless for a flood. */
export const ECHOES_PER_SECOND: number = 100;

/** Answers to an echo of a whole domain are spread over no more than this. */
export const ECHO_SPREAD_MS: number = 2_000;

/** A look at all entries this late was held up by a process that stood still: its peers are not to blame. */
export const STOOD_STILL_MS: number = 2_000;

/** How long after the first question for a computer the second follows; from then on twice as long each time. */
export const FIND_RETRY_MS: number = 150;

/** What the redirector holds of one client's messages to other computers, before the client waits. */
export const OUTGOING_QUEUE: number = MB;

/** Slots, clients and askers that the redirector serves at once. */
export const MAX_DOOR_CONNECTIONS: number = 10_000;

/** A slot that does not reach the redirector tries again after this time, then after ever longer ones. */
export const FEED_RETRY_MS: number = 25;
export const FEED_RETRY_MAX_MS: number = 5_000;

/** How long a redirector that was started may take until it answers. */
export const REDIRECTOR_START_MS: number = 5_000;

/** A redirector that was started on first need ends when nobody has needed it for this time. */
export const REDIRECTOR_IDLE_MS: number = 60_000;

/* The redirector: where a message goes, and whether it was here before. */

/** How far a sender's clock may be off ours: more than computers that nobody sets ever drift apart in a week. */
export const MAX_CLOCK_SKEW_MS: number = 30_000;

/** Messages of one instance that may overtake each other and are still told from those that come twice. */
export const WINDOW_MESSAGES: number = 4096;

/** Instances whose messages are remembered: 19 MB of windows, in memory and on disk; a LAN's worth and its restarts. */
export const MAX_WINDOWS: number = 32_768;

/** After this silence an instance's last message is too old to be taken again, wherever in the skew it was. */
export const WINDOW_STALE_MS: number = 70_000;

/** Windows looked at for a stale one when all are in use: a flood of new instances costs no more than this. */
export const WINDOW_SEARCH: number = 64;

/** Addressees that one instance counts its messages to: some 10 MB; whoever writes to more makes a new instance. */
export const MAX_ADDRESSEES: number = 65_536;

/** How often the redirector looks at its clocks. */
export const CLOCK_CHECK_MS: number = 1_000;

/** The two clocks drew apart by more than this between two looks: one of them was set, or the computer slept. */
export const CLOCK_JUMP_MS: number = 2_000;

/** A look that came later than this was kept from coming: the computer, or this process, was stopped. */
export const CLOCK_LATE_MS: number = 5_000;

/** How long a redirector that starts waits for a transport: the others can be used meanwhile. */
export const TRANSPORT_PATIENCE_MS: number = 300;

/** A transport that could not start is started again after this time, then after ever longer ones. */
export const TRANSPORT_RETRY_MS: number = 1_000;
export const TRANSPORT_RETRY_MAX_MS: number = 5_000;

/** A transport that is full for so long is not waited for, where there is another one: it may be full for ever. */
export const TRANSPORT_STALL_MS: number = 1_000;

/** Rules of a policy: each new kind of message is compared with all of them. */
export const MAX_POLICY_RULES: number = 1_000;

/** Kinds of messages (from, to, slot) whose rule is remembered: about 1 MB. */
export const MAX_POLICY_ANSWERS: number = 4_096;

/** Senders whose rate is watched; beyond, those that have been quiet are forgotten. */
export const MAX_POLICY_BUCKETS: number = 4_096;

/** Spellings of slots' names that are recognised without upper-casing them: about 1 MB. */
export const MAX_SPELLINGS: number = 4_096;

/** The simulated network carries messages as long as a LAN does. */
export const SIMULATED_MESSAGE_LIMIT: number = 60 * KB;

/** What a simulated transport keeps until the network takes it: some of the longest messages. */
export const SIMULATED_BUFFER: number = MB;

/** How long a simulated transport that was closed goes on sending what it had kept. */
export const SIMULATED_LINGER_MS: number = 1_000;

/* The transport `lan`. */

/** The UDP port of the group; of no other known service. */
export const LAN_PORT: number = 48_783;

/** What UDP over IPv4 carries at most. */
export const MAX_PACKET: number = 65_507;

/** The longest message: with the longest names and the seal it fits into one packet. */
export const MAX_PACKET_MESSAGE: number = 60 * KB;

/** The path of a slot on other computers, in UTF-8: leaves a packet to its message. */
export const MAX_PACKET_PATH_BYTES: number = 2 * KB;

/**
 * Messages that wait together share a packet of this size: large enough that seal and call cost each of them little.
 * With all headers it fits into 8 KB of the kernel's memory; a little more takes 16 of every receive buffer.
 */
export const LAN_BATCH: number = 7_600;

/** What waits to be sent, in packets: 1,000 that are full, or one to each of 1,000 computers. */
export const LAN_BUFFER: number = 8 * MB;

/**
 * Messages that one may overtake because it shares a packet that waits already: far fewer than the window of an instance
 * remembers ({@link WINDOW_MESSAGES}), or what was overtaken would be taken for what came before.
 */
export const MAX_OVERTAKEN: number = 1_024;

/** Empty packets kept for the next messages. */
export const SPARE_BATCHES: number = 16;

/** Packets leave no faster than this: what two namespaces of a small computer carried without loss. */
export const LAN_BYTES_PER_SECOND: number = 100_000_000;

/** What a message counts beside its bytes: so many more could be taken in while one is taken apart and handed on. */
export const LAN_MESSAGE_COST: number = 32;

/** How much of that may leave at once: less than the receive buffer that Linux gives without being set up for more. */
export const LAN_BURST_MS: number = 2;

/** How much of that is made up for when the sender's process was kept from sending. */
export const LAN_CATCH_UP_MS: number = 20;

/** How often a sender that is over its rate looks again. */
export const LAN_TICK_MS: number = 1;

/** What the system has not taken yet of one socket, before packets wait in our buffer instead. */
export const LAN_UNSENT: number = MB;

/** The receive buffer that is asked for: 40 ms of the full rate. Linux may give less (`net.core.rmem_max`). */
export const LAN_RECEIVE_BUFFER: number = 4 * MB;

/** Interfaces that are used; Linux lets a socket join 20 groups. */
export const MAX_INTERFACES: number = 16;

/** How often the interfaces are looked at, for Node does not tell when they change; and how soon after a send failed. */
export const LAN_RESCAN_MS: number = 1_000;
export const LAN_RESCAN_SOON_MS: number = 100;

/** Packets that the window behind the newest one of a session remembers: 20 ms of the full rate in small packets. */
export const PACKET_WINDOW: number = 2048;

/** Sessions of other instances whose keys and windows are remembered: about 30 MB. */
export const MAX_SESSIONS: number = 16_384;

/** Copies of a packet that are told from replays: two interfaces in both families. Each costs a session a window. */
export const MAX_COPIES: number = 4;

/** Own sessions that are used in turn, and past ones whose packets may still come back. */
export const MAX_OWN_SESSIONS: number = 8;
export const MAX_PAST_SESSIONS: number = 64;

/** Packets of sessions never seen before that are tried in a second: each costs a derivation, so 2 % of a processor. */
export const NEW_SESSIONS_PER_SECOND: number = 500;

/** An instance not heard for this long is written to by the group again: its address may be another's now. */
export const LAN_PEER_SILENCE_MS: number = 150_000;

/** Senders of packets that were thrown away, kept to be shown. */
export const MAX_STRANGERS: number = 64;

/** How long a transport that is closed goes on sending what waits. */
export const LAN_LINGER_MS: number = 500;

/** How long a probe waits for answers: a thousand computers spread theirs over 2 s. */
export const PROBE_MS: number = 2_500;

/** Computers that a probe asks one by one, beside the one question to all. */
export const MAX_PROBED: number = 64;

/** By then a redirector that has started knows the computers of its LAN; who asks for them before waits until then. */
export const DISCOVERY_MS: number = 1_000;

/* Several transports of one domain. */

/** A way is as good as the one that brought the latest word of an instance if it brought one not longer ago than this. */
export const BEST_WAY_SLACK_MS: number = 1_500;

/** The best way is taken alone if it brought word within this time; else it may have been cut since, and all are taken. */
export const BEST_WAY_FRESH_MS: number = 10_000;

/** A way by which an instance was not heard for so long is not known to lead to it. */
export const WAY_SILENCE_MS: number = 150_000;

/** Instances of a domain of which is known by which ways they were heard: as many as the roster holds. */
export const MAX_WAYS_HEARD: number = 20_000;

/* The configuration of NATS. */

/** Servers of one domain: those of a cluster, each by its own address. */
export const MAX_NATS_SERVERS: number = 16;

/* The messenger. */

/** A message for people and all that goes with it: no more than every transport carries. */
export const MAX_NOTE_BYTES: number = 60 * KB;

/** Its text, in UTF-8: leaves a kilobyte to the names. */
export const MAX_NOTE_TEXT: number = 60_000;

/** A messenger name, in UTF-16 units: fits on a screen beside its text. */
export const MAX_MESSENGER_NAME: number = 64;

/** Names that one messenger may have beside those of its computer and user: each is a slot and a connection. */
export const MAX_ALIASES: number = 32;

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

/** Senders, and computers, whose rate is watched; beyond, the one that was quiet longest is forgotten. */
export const MAX_FLOOD_SENDERS: number = 1_024;

/** How often the history tells that messages were refused. */
export const FLOOD_NOTICE_MS: number = 60_000;

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

/** Who else is in a root that is shared is looked up again after this time. */
export const SHARED_NAMES_MS: number = 2_000;
