/** The redirector: where a message goes, and whether it was here before. Sizes are bytes, times milliseconds. */

const KB = 1024;
const MB = 1024 * KB;

/** How far a sender's clock may be off ours: more than computers that nobody sets ever drift apart in a week. */
export const MAX_CLOCK_SKEW_MS: number = 30_000;

/** What a clock may say: before it nobody had this software, and after it nobody will. Others are not even tried. */
export const EARLIEST_TIME: number = Date.UTC(2020, 0, 1);
export const LATEST_TIME: number = Date.UTC(2100, 0, 1);

/** Computers of one domain whose clocks were too far off, kept to be shown. */
export const MAX_OTHER_CLOCKS: number = 16;

/** Messages of one instance that may overtake each other and are still told from those that come twice. */
export const WINDOW_MESSAGES: number = 4096;

/**
 * An instance's counters grow no faster than this, in a second: several times what one process can number. A higher one
 * is made up by somebody who wants the true ones to be taken for old.
 */
export const NUMBERS_PER_SECOND: number = 4_000_000;

/** … and by so much at once, for clocks that are read once a second. */
export const NUMBERS_AT_ONCE: number = 2 * NUMBERS_PER_SECOND;

/** A computer's claim to an instance lapses when it was not heard for this long, and another one makes it. */
export const CLAIM_MS: number = 5_000;

/** A gap is counted as no more lost messages than this, whatever its numbers say. */
export const MAX_GAP: number = 1_000_000;

/**
 * Instances of one domain whose messages are remembered: 19 MB of windows, in memory and on disk; a LAN's worth and its
 * restarts.
 */
export const MAX_WINDOWS: number = 32_768;

/** … that come by transports that do not authenticate, and of which anybody may make up as many as he likes. */
export const MAX_OPEN_WINDOWS: number = 4_096;

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

/** So long after a standstill comes what waited meanwhile in the buffers of sockets. */
export const AFTER_STANDSTILL_MS: number = 5_000;

/** How long a redirector that starts waits for a transport: the others can be used meanwhile. */
export const TRANSPORT_PATIENCE_MS: number = 300;

/** A transport that could not start is started again after this time, then after ever longer ones. */
export const TRANSPORT_RETRY_MS: number = 1_000;
export const TRANSPORT_RETRY_MAX_MS: number = 5_000;

/** A transport that is full for so long is not waited for, where there is another one: it may be full for ever. */
export const TRANSPORT_STALL_MS: number = 1_000;

/** A message of so many bytes goes by every transport that carries anything; whether a longer one does is asked each time. */
export const ALWAYS_CARRIED: number = 1_000;

/** Rules of a policy: each new kind of message is compared with all of them. */
export const MAX_POLICY_RULES: number = 1_000;

/** Kinds of messages (from, to, slot) whose rule is remembered: about 1 MB. */
export const MAX_POLICY_ANSWERS: number = 4_096;

/** Members of a domain whose rate is watched, under all rules; beyond, who was heard longest ago is forgotten. */
export const MAX_POLICY_BUCKETS: number = 4_096;

/** Addresses of strangers whose rate is watched in a domain; beyond, strangers are refused. */
export const MAX_POLICY_STRANGERS: number = 1_024;

/** All strangers together may send so many times what a rule allows each: addresses can be made up. */
export const STRANGERS_TOGETHER: number = 10;

/** Spellings of slots' names that are recognised without upper-casing them: about 1 MB. */
export const MAX_SPELLINGS: number = 4_096;

/** The simulated network carries messages as long as a LAN does. */
export const SIMULATED_MESSAGE_LIMIT: number = 60 * KB;

/** What a simulated transport keeps until the network takes it: some of the longest messages. */
export const SIMULATED_BUFFER: number = MB;

/** How long a simulated transport that was closed goes on sending what it had kept. */
export const SIMULATED_LINGER_MS: number = 1_000;

/* Several transports of one domain. */

/** A way is as good as the one that brought the latest word of an instance if it brought one not longer ago than this. */
export const BEST_WAY_SLACK_MS: number = 1_500;

/** The best way is taken alone if it brought word within this time; else it may have been cut since, and all are taken. */
export const BEST_WAY_FRESH_MS: number = 10_000;

/** A way by which an instance was not heard for so long is not known to lead to it. */
export const WAY_SILENCE_MS: number = 150_000;

/** Instances of a domain of which is known by which ways they were heard: as many as the roster holds. */
export const MAX_WAYS_HEARD: number = 20_000;

/* The configuration. */

/** How often, and after what time, a change is tried again that finds somebody else's under way: half a second in all. */
export const CONFIG_RETRIES: number = 50;
export const CONFIG_RETRY_MS: number = 10;

/* The configuration of NATS. */

/** Servers of one domain: those of a cluster, each by its own address. */
export const MAX_NATS_SERVERS: number = 16;

/* The redirector's socket. */

/**
 * Connections at once, by what each has shown so far. They come to fewer than 10,000 descriptors, and shrink together where the
 * system gives the process fewer. One that has said nothing is read from within one turn of the event loop, in which no
 * more are accepted than wait in a backlog (511): twice that many, and who speaks at once is heard in any flood.
 */
export const MAX_SILENT_CONNECTIONS: number = 1_024;
export const MAX_ASKING_CONNECTIONS: number = 1_024;
/** … that wait until it shows whether a computer, or the network, is there: each for some seconds at most. */
export const MAX_FINDING_CONNECTIONS: number = 512;
/** … that follow what happens, as long as they like: a program or two of each user. */
export const MAX_WATCHING_CONNECTIONS: number = 256;
export const MAX_OPENED_CONNECTIONS: number = 1_024;
export const MAX_WRITING_CONNECTIONS: number = 3_072;
export const MAX_SLOT_CONNECTIONS: number = 3_072;

/** How often who watches comes back when it had to make room for others: a flood of watchers costs it no more. */
export const WATCH_RETRY_MS: number = 1_000;

/** How often a client that had to make room for others before it wrote anything opens its name again. */
export const MAX_REOPENINGS: number = 8;

/** Numbers that who has to show to own a slot is given, while others are asked too: each time one of them succeeds. */
export const MAX_PROOF_ROUNDS: number = 256;

/** Descriptors that are for everything else: transports, files, what is being cut off. */
export const OTHER_DESCRIPTORS: number = 128;

/** Bytes of first lines that have no end yet, of all connections together: 64 of the longest lines. */
export const MAX_UNFINISHED_LINES: number = 8 * MB;

/** What the queues of all clients are meant to hold together; each has a share of it, by how many they are when it comes. */
export const OUTGOING_QUEUES: number = 64 * MB;

/** The smallest share: the longest message that any transport carries, and what it is charged. */
export const OUTGOING_QUEUE_LEAST: number = 64 * KB;

/** How long a redirector that ends goes on handing to the network what it has acknowledged. */
export const OUTGOING_LINGER_MS: number = 2_000;

/** How long a redirector that was told to stop may take until its place is free. */
export const TAKE_OVER_MS: number = 10_000;
export const TAKE_OVER_RETRY_MS: number = 20;

/** How often the redirector looks whether the host has another name. */
export const HOST_NAME_CHECK_MS: number = 2_000;

/** How long somebody who opens a name waits for a network that is not there: the first connection takes less. */
export const NETWORK_WAIT_MS: number = 5_000;

/** … and who has opened it, for one that is gone: a server that starts again, or a cable that is put back, takes less. */
export const NETWORK_BACK_MS: number = 20_000;
