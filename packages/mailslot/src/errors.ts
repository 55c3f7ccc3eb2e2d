/** The stable codes; programs match on these. */
export type MailslotErrorCode = `ERR_MAILSLOT_${
  | 'INVALID_NAME'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'ACCESS_DENIED'
  | 'TIMEOUT'
  | 'BUFFER_TOO_SMALL'
  | 'MESSAGE_TOO_LARGE'
  | 'QUEUE_FULL'
  | 'CLOSED'
  | 'BAD_NETPATH'
  | 'REMOTE_DISABLED'
  | 'INVALID_ARGUMENT'
  | 'UNUSABLE_ROOT'
  | 'UNUSABLE_CONFIG'
  | 'NO_RESOURCES'
  | 'INCOMPATIBLE'
  | 'MALFORMED'
  | 'IO'}`;

/** One row of the table below. */
export interface ErrorRow {
  /** Win32 name and number of the same failure. */
  readonly win32: readonly [name: string, number: number];
  readonly when: string;
}

/**
 * Every error of the system: its stable code, the Win32 error beside it, and when it comes.
 * `docs/reference/errors.md` is checked against this table.
 */
export const ERRORS: Readonly<Record<MailslotErrorCode, ErrorRow>> = {
  ERR_MAILSLOT_INVALID_NAME: {
    win32: ['ERROR_INVALID_NAME', 123],
    when: 'the name breaks a rule of names, or a slot was to be created on another computer',
  },
  ERR_MAILSLOT_NOT_FOUND: {
    win32: ['ERROR_FILE_NOT_FOUND', 2],
    when: 'no slot of that name exists in the root that was searched',
  },
  ERR_MAILSLOT_ALREADY_EXISTS: {
    win32: ['ERROR_ALREADY_EXISTS', 183],
    when: 'a living process owns a slot of that name',
  },
  ERR_MAILSLOT_ACCESS_DENIED: {
    win32: ['ERROR_ACCESS_DENIED', 5],
    when: 'the slot, or what a crash left in its place, belongs to a user who did not admit this one',
  },
  ERR_MAILSLOT_TIMEOUT: {
    win32: ['ERROR_SEM_TIMEOUT', 121],
    when: 'nothing came within the time that was given',
  },
  ERR_MAILSLOT_BUFFER_TOO_SMALL: {
    win32: ['ERROR_INSUFFICIENT_BUFFER', 122],
    when: 'the next message is longer than the buffer of `readInto`; it stays in the queue',
  },
  ERR_MAILSLOT_MESSAGE_TOO_LARGE: {
    win32: ['ERROR_MESSAGE_EXCEEDS_MAX_SIZE', 4336],
    when: "the message is longer than the slot takes; none of its bytes were sent; `limit` is the slot's",
  },
  ERR_MAILSLOT_QUEUE_FULL: {
    win32: ['ERROR_NOT_ENOUGH_QUOTA', 1816],
    when: 'the queue is full and its rule is `reject`',
  },
  ERR_MAILSLOT_CLOSED: {
    win32: ['ERROR_HANDLE_EOF', 38],
    when: 'this end was closed, or the server end is gone',
  },
  ERR_MAILSLOT_BAD_NETPATH: {
    win32: ['ERROR_BAD_NETPATH', 53],
    when: 'the other computer is unknown, or no transport of the domain reaches anybody',
  },
  ERR_MAILSLOT_REMOTE_DISABLED: {
    win32: ['ERROR_REMOTE_MAILSLOTS_DEPRECATED', 3025],
    when: 'other computers were addressed, and no domain is configured here, or no redirector runs where another user would have to start it',
  },
  ERR_MAILSLOT_INVALID_ARGUMENT: {
    win32: ['ERROR_INVALID_PARAMETER', 87],
    when: 'an option or argument is of the wrong type or out of its range',
  },
  ERR_MAILSLOT_UNUSABLE_ROOT: {
    win32: ['ERROR_BAD_PATHNAME', 161],
    when: 'the root folder is missing, unsafe, or its path is too long for a socket',
  },
  ERR_MAILSLOT_UNUSABLE_CONFIG: {
    win32: ['ERROR_BAD_CONFIGURATION', 1610],
    when: 'the configuration file or the policy is unsafe, malformed, or lacks what was asked for',
  },
  ERR_MAILSLOT_NO_RESOURCES: {
    win32: ['ERROR_NO_SYSTEM_RESOURCES', 1450],
    when: 'the system has no descriptors, memory or disk space left, or a slot as many clients as it takes',
  },
  ERR_MAILSLOT_INCOMPATIBLE: {
    win32: ['ERROR_REVISION_MISMATCH', 1306],
    when: 'the two ends understand no common version of the framing',
  },
  ERR_MAILSLOT_MALFORMED: {
    win32: ['ERROR_INVALID_DATA', 13],
    when: 'the other end sent bytes that the framing does not allow',
  },
  ERR_MAILSLOT_IO: {
    win32: ['ERROR_IO_DEVICE', 1117],
    when: 'the operating system failed in a way that has no code of its own; see `cause`',
  },
};

/** What some codes carry beside the text. */
export interface MailslotErrorDetails {
  /** The error underneath, usually of the operating system. */
  readonly cause?: unknown;
  /** Bytes that were asked for: the message's length. */
  readonly size?: number;
  /** Bytes that were allowed: the slot's limit or the buffer's length. */
  readonly limit?: number;
  /** Messages that this error speaks of. */
  readonly messages?: number;
  /** The next step, as `run "chmod 600 …"`. The message ends with it: it is put there, behind `; `, if it is not there yet. */
  readonly remedy?: string | undefined;
}

/** On every error of every copy of this library in the process, of whatever version. */
const BRAND = Symbol.for('mailslot.MailslotError');

/**
 * The one error class. Match on `code`, which never changes; the text says what happened, to what,
 * and what to do next, and may improve.
 *
 * `instanceof` holds for the errors of every copy of this library in the process: the ES module and the CommonJS one, two
 * versions, a bundle.
 */
export class MailslotError extends Error {
  readonly code: MailslotErrorCode;
  /** The Win32 name of the same failure, as `ERROR_FILE_NOT_FOUND`. */
  readonly win32Name: string;
  /** The Win32 number of the same failure, as `2`. */
  readonly win32Number: number;
  readonly size: number | undefined;
  readonly limit: number | undefined;
  readonly messages: number | undefined;
  /** The next step alone, where there is one. The message ends with it. */
  readonly remedy: string | undefined;

  constructor(code: MailslotErrorCode, message: string, details: MailslotErrorDetails = {}) {
    super(withRemedy(message, details.remedy), 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    // The code may be handed on from an error of a newer copy, which has codes that are not known here.
    [this.win32Name, this.win32Number] = (ERRORS[code] ?? ERRORS.ERR_MAILSLOT_IO).win32;
    this.size = details.size;
    this.limit = details.limit;
    this.messages = details.messages;
    this.remedy = details.remedy;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that extends this one is asked for its own instances.
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked
    if (this !== MailslotError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  static {
    Object.defineProperty(MailslotError.prototype, 'name', { value: 'MailslotError', configurable: true });
    Object.defineProperty(MailslotError.prototype, BRAND, { value: true });
  }
}

function withRemedy(message: string, remedy: string | undefined): string {
  return remedy === undefined || message.endsWith(remedy) ? message : `${message}; ${remedy}`;
}
