/** The transport `lan`. Sizes are bytes, times milliseconds. */

const KB = 1024;
const MB = 1024 * KB;

/** The UDP port of the group; of no other known service. */
export const LAN_PORT: number = 48_783;

/**
 * The first UDP port for what is for one instance alone, so that a firewall's rule can name it; and how many there are,
 * tried one after the other: for other users of the computer, containers, and its other domains.
 */
export const LAN_UNICAST_PORT: number = 48_800;
export const LAN_UNICAST_PORTS: number = 16;

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

/**
 * The packet that every path carries which carries IPv6: 1,280 bytes with the headers of UDP, and a little to spare. The
 * name is RFC 8899's.
 */
export const LAN_BASE_PACKET: number = 1_200;

/**
 * The sizes of packets that are tried: what Ethernet carries whole; what just takes two fragments there, so that a path
 * that drops fragments is told from one that does not; between; a full batch.
 */
export const LAN_PROBE_SIZES: readonly number[] = [LAN_BASE_PACKET, 1_452, 1_500, 4_096, 7_656];

/** Tried too when a longer message goes: near the longest of all. */
export const LAN_LONGEST_PROBE: number = 60 * KB;

/** How often a size is tried before it counts as lost, and how long the first try waits; each next one twice as long. */
export const LAN_PROBE_TRIES: number = 3;
export const LAN_PROBE_WAIT_MS: number = 250;

/**
 * What is in use is shown again this often: a path that fails is noticed after a second. With many peers it is less often,
 * by so much for each, so that all of them together ask one computer no more than half of what it answers in a second.
 */
export const LAN_PROBE_USED_MS: number = 1_000;
export const LAN_PROBE_PEER_MS: number = 20;
export const LAN_PROBE_REFRESH_MS: number = 10_000;
/** What was shown is trusted for so much longer than it takes until it is shown again in use: 2 s in a small domain. */
export const LAN_PROOF_SLACK_MS: number = 1_000;
/** An answer shows for so long that packets arrive, where something is sent: until the next one is due. */
export const LAN_PROBE_FRESH_MS: number = LAN_PROBE_REFRESH_MS + 1_000;

/** What did not arrive is tried again this often. */
export const LAN_PROBE_RETRY_MS: number = 60_000;

/** Instances asked by one probe: their ids fit into the smallest one. */
export const LAN_PROBE_ASKED: number = 64;

/**
 * Answers that a full packet to the group earns, and the most that can be saved up: so probes never cause more traffic
 * than what made them useful, whatever the number of members.
 */
export const LAN_PROBE_CREDIT: number = 8;
export const MAX_PROBE_CREDIT: number = 1_024;

/** Probes in flight: one to the group, and those to addresses. */
export const MAX_PROBE_ROUNDS: number = 256;

/** Answers to probes are spread over so much time for each instance that is asked, after the sizes were gathered. */
export const LAN_PROBE_SPREAD_MS: number = 1;
export const LAN_PROBE_GATHER_MS: number = 20;

/** Probes that are answered in a second: enough for members, useless for a flood. */
export const LAN_PROBE_ANSWERS_PER_SECOND: number = 100;

/** Addresses of one instance that are remembered, of both families, and how many of them are tried at once. */
export const LAN_PEER_ADDRESSES: number = 8;
export const LAN_TRIED_ADDRESSES: number = 4;

/** What waits to be sent, in packets: 1,000 that are full, or one to each of 1,000 computers. */
export const LAN_BUFFER: number = 8 * MB;

/**
 * Messages that one may overtake because it shares a packet that waits already: far fewer than the window of an instance
 * remembers (`WINDOW_MESSAGES`), or what was overtaken would be taken for what came before.
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

/** Interfaces that are used: a packet to the group goes by each. */
export const MAX_INTERFACES: number = 64;

/** IPv4 addresses of one interface that have a socket: most have one, and some one for each network on the wire. */
export const MAX_WAYS_OF_INTERFACE: number = 4;

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

/** … of those without the right mark, which older versions and strangers make. */
export const UNMARKED_SESSIONS_PER_SECOND: number = 200;

/** … of one source: a computer with a redirector for each of 50 users starts in one second. */
export const NEW_SESSIONS_PER_SOURCE: number = 50;

/** Sources whose share is counted in one second; what more there are is drawn with all others. */
export const MAX_SESSION_SOURCES: number = 4_096;

/** An own session is followed by a new one after this time: no copy of this computer goes on with its numbers for longer. */
export const OWN_SESSION_MS: number = 300_000;

/** How often it is looked at whether this computer has become a copy; and how far the clocks of one may part meanwhile. */
export const COPY_CHECK_MS: number = 1_000;
export const COPY_DRIFT_MS: number = 500;

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
