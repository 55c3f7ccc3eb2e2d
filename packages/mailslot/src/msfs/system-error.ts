import { MailslotError, type MailslotErrorCode } from '../errors.js';

/** The `code` of a system error, as `ENOENT`; `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

type Meaning = readonly [code: MailslotErrorCode, what: string, remedy?: string];

const NO_DESCRIPTORS: Meaning = [
  'ERR_MAILSLOT_NO_RESOURCES',
  'no file descriptors are left',
  'close some slots or clients, or raise `ulimit -n`',
];
const NO_SPACE: Meaning = [
  'ERR_MAILSLOT_NO_RESOURCES',
  'the file system is full (space or inodes)',
  'free some, or set MAILSLOT_ROOT to a folder elsewhere',
];
const NO_ACCESS: Meaning = [
  'ERR_MAILSLOT_ACCESS_DENIED',
  "access was denied: the slot's owner decides who may write (see the option `access`)",
];
const PEER_ENDED = 'the other end was closed, or its process ended';

const KNOWN: Readonly<Record<string, Meaning>> = {
  EMFILE: NO_DESCRIPTORS,
  ENFILE: NO_DESCRIPTORS,
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  ENOMEM: ['ERR_MAILSLOT_NO_RESOURCES', 'the system has no memory left'],
  ENOBUFS: ['ERR_MAILSLOT_NO_RESOURCES', 'the system has no memory for sockets left'],
  EACCES: NO_ACCESS,
  EPERM: NO_ACCESS,
  EROFS: [
    'ERR_MAILSLOT_UNUSABLE_ROOT',
    'the file system is read-only',
    'set MAILSLOT_ROOT to a folder elsewhere',
  ],
};

/** What is at the other end of a connection, as a system error tells it. */
export type PeerState =
  /** There is nothing at that path. */
  | 'gone'
  /** Something is there, and nobody listens on it. */
  | 'dead'
  /** Somebody was there, and has closed or ended since. */
  | 'ended'
  /** Somebody listens, and has more callers than the system lets wait. */
  | 'busy'
  /** Whoever it is does not admit us. */
  | 'denied';

/** Every error that a peer can cause, above all one that ends: when connecting, reading and writing alike. */
const PEER: Readonly<Record<string, PeerState>> = {
  ENOENT: 'gone',
  // Something else was put in the place of the slot's folder.
  ENOTDIR: 'gone',
  ELOOP: 'gone',
  ENAMETOOLONG: 'gone',
  ECONNREFUSED: 'dead',
  // The server closed before it took the connection from the system, or with bytes of ours unread.
  ECONNRESET: 'ended',
  ECONNABORTED: 'ended',
  EPIPE: 'ended',
  ENOTCONN: 'ended',
  // macOS says so of a socket that is being closed; elsewhere it is a socket of another kind, as good as none.
  EPROTOTYPE: 'ended',
  EAGAIN: 'busy',
  // Windows: all instances of the pipe are taken, and stayed so.
  EBUSY: 'busy',
  ETIMEDOUT: 'busy',
  EACCES: 'denied',
  EPERM: 'denied',
};

/** What a system error of a connection tells of the other end; `undefined`: nothing, the trouble is on this side. */
export function peerState(error: unknown): PeerState | undefined {
  return PEER[systemCode(error) ?? ''];
}

/** Says what a system error means for whoever did `what`, as `create the mailslot app/events`. */
export function fromSystem(error: unknown, what: string): MailslotError {
  if (error instanceof MailslotError) return error;
  const known = KNOWN[systemCode(error) ?? ''];
  if (known) {
    const [code, reason, remedy] = known;
    return new MailslotError(code, `cannot ${what}: ${reason}`, { cause: error, remedy });
  }
  if (peerState(error) === 'ended') {
    return new MailslotError('ERR_MAILSLOT_CLOSED', `cannot ${what}: ${PEER_ENDED}`, {
      cause: error,
      remedy: 'try again',
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new MailslotError('ERR_MAILSLOT_IO', `cannot ${what}: ${reason}`, { cause: error });
}
