/** Which computers are there, and how their redirector is reached. Sizes are bytes, times milliseconds. */

const KB = 1024;
const MB = 1024 * KB;

/** Instances of one domain that are remembered: 16 MB, and more computers than a LAN can hold. */
export const MAX_PEERS: number = 20_000;

/** … of which none was heard here, but others told of them: they take no more than half of the room. */
export const MAX_HEARSAY: number = MAX_PEERS / 2;

/** An instance is settled when it was heard at two moments so far apart: one packet can make up a thousand at once. */
export const SETTLE_MS: number = 10_000;

/** What is heard and not settled counts for the interval for no longer than this. */
export const UNSETTLED_MS: number = 30_000;

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

/** And of this size to who asks again: its way may lose packets that nothing was shown of, and longer ones. */
export const ROSTER_SHORT_PART_BYTES: number = 1_000;

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

/** A slot that does not reach the redirector tries again after this time, then after ever longer ones. */
export const FEED_RETRY_MS: number = 25;
export const FEED_RETRY_MAX_MS: number = 5_000;

/** How long a redirector that was started may take until it answers. */
export const REDIRECTOR_START_MS: number = 5_000;

/** A redirector that was started on first need ends when nobody has needed it for this time. */
export const REDIRECTOR_IDLE_MS: number = 60_000;
