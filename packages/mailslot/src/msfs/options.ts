import { MailslotError } from '../errors.js';
import {
  DEFAULT_CLIENT_BUFFER,
  DEFAULT_MESSAGE_LIMIT,
  DEFAULT_QUEUE_BYTES,
  MAX_FRAME_BODY,
  MESSAGE_OVERHEAD,
} from '../limits.js';
import type { Remote } from '../name/remote.js';
import { SCOPES, type Scope } from '../name/scope.js';
import type { Access } from './namespace/name-space.js';
import type { WhenFull } from './slot-info.js';

/** The bound of a slot's queue and what happens there. */
export interface QueueOptions {
  /** What may wait, in bytes; each message is charged its length plus 64. Default 64 MiB. */
  readonly bytes?: number | undefined;
  /**
   * What a full queue does with one more message. `block` (default): its writer waits. `reject`: `write` rejects with
   * `ERR_MAILSLOT_QUEUE_FULL`. `drop-newest`: it is lost, `drop-oldest`: the oldest are; both are counted in
   * `statistics()`, and `write` resolves.
   */
  readonly whenFull?: WhenFull | undefined;
}

/** How a slot is created. */
export interface CreateOptions {
  /**
   * The longest message, in bytes, up to 4,294,967,295. Default 0: no limit of the slot's own, and the system's of
   * 4 MiB holds. Without `queue.bytes` the queue is as large as it must be for
   * one such message; with it, a message that could never fit is refused.
   */
  readonly maxMessageSize?: number | undefined;
  /** How long a read waits for a message, in milliseconds; 0: not at all. Default `Infinity`. */
  readonly readTimeout?: number | undefined;
  /** Who may write. Default `owner`: processes of this user. Others can only come where they share the root. */
  readonly access?: Access | undefined;
  /**
   * Whose messages from other computers are taken: nobody's (`none`, default), those of members of this computer's
   * domains (`domain`), or also those of senders for whom nobody vouches (`anyone`).
   */
  readonly remote?: Remote | undefined;
  /**
   * From how far away messages are taken at most: from this computer (`host`), its LAN (`lan`), or anywhere in the domain
   * (`site`, default). It narrows what `remote` allows.
   */
  readonly scope?: Scope | undefined;
  readonly queue?: QueueOptions | undefined;
  /** Folder of the MSFS. Default: `MAILSLOT_ROOT`, else `/run/mailslot` if it exists, else `/tmp/mailslot-<uid>`. */
  readonly root?: string | undefined;
  /** Aborts the creation. */
  readonly signal?: AbortSignal | undefined;
}

/** How a client is opened. */
export interface OpenOptions {
  /** As for {@link CreateOptions.root}. */
  readonly root?: string | undefined;
  /** Ends the attempt to open. */
  readonly signal?: AbortSignal | undefined;
  /** Waits for a slot that is not there yet: so many milliseconds, or until the signal aborts. Default: not at all. */
  readonly wait?: number | AbortSignal | undefined;
  /**
   * How far messages go at most: they stay on this computer (`host`) or its LAN (`lan`), or go anywhere in the domain
   * (`site`, default). Kept by this computer's redirector, and again by those that receive them.
   */
  readonly scope?: Scope | undefined;
  /** What the client may hold, in bytes, until the system takes it. Default 1 MiB. One message is always taken. */
  readonly bufferBytes?: number | undefined;
}

/** What may end a wait. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** How long a read waits. */
export interface ReadOptions extends WaitOptions {
  /** Milliseconds; 0: not at all. Default: the slot's `readTimeout`. */
  readonly timeout?: number | undefined;
}

/** How messages are consumed. */
export interface ConsumeOptions extends WaitOptions {
  /** How many promises of the handler may be pending at once: a whole number from 1, which is the default. */
  readonly concurrency?: number | undefined;
  /**
   * Is given what the handler throws, and what its promises reject with; the consumer goes on. It may return a promise,
   * which counts as the handler's. What `onError` itself throws or rejects with ends the consumer. Default: the first
   * error ends it.
   */
  readonly onError?: ((error: unknown) => void) | ((error: unknown) => Promise<void>) | undefined;
}

/** The options of a new slot, complete and checked. */
export interface SlotSettings {
  readonly maxMessageSize: number;
  readonly messageLimit: number;
  readonly readTimeout: number;
  readonly access: Access;
  readonly queueBytes: number;
  readonly whenFull: WhenFull;
  readonly remote: Remote;
}

/** Windows' way of saying that a number has no limit. */
const ALL_ONES = 0xffff_ffff;

const CREATE_KEYS = ['maxMessageSize', 'readTimeout', 'access', 'remote', 'scope', 'queue', 'root', 'signal'];
const QUEUE_KEYS = ['bytes', 'whenFull'];
const CONSUME_KEYS = ['signal', 'concurrency', 'onError'];
const OPEN_KEYS = ['root', 'signal', 'wait', 'scope', 'bufferBytes'];

const ACCESS: readonly Access[] = ['owner', 'group', 'everyone'];
const REMOTE: readonly Remote[] = ['none', 'domain', 'anyone'];
const WHEN_FULL: readonly WhenFull[] = ['block', 'reject', 'drop-newest', 'drop-oldest'];

export function slotSettings(options: CreateOptions): SlotSettings {
  checkKeys('createMailslot', options, CREATE_KEYS);
  scopeOf(options.scope);
  if (options.queue !== undefined) checkKeys('queue', options.queue, QUEUE_KEYS);
  // Windows' own "no limit of mine" is 0, and all ones is a limit beyond any message.
  const maxMessageSize = wholeNumber('maxMessageSize', options.maxMessageSize ?? 0, 0, ALL_ONES);
  const queueBytes = wholeNumber(
    'queue.bytes',
    options.queue?.bytes ?? defaultQueue(maxMessageSize),
    MESSAGE_OVERHEAD,
    Number.MAX_SAFE_INTEGER,
  );
  const asked = maxMessageSize === 0 ? DEFAULT_MESSAGE_LIMIT : maxMessageSize;
  return {
    maxMessageSize,
    messageLimit: Math.min(asked, queueBytes - MESSAGE_OVERHEAD, MAX_FRAME_BODY),
    readTimeout: timeoutMs('readTimeout', options.readTimeout ?? Number.POSITIVE_INFINITY),
    access: oneOf('access', options.access ?? 'owner', ACCESS),
    queueBytes,
    whenFull: oneOf('queue.whenFull', options.queue?.whenFull ?? 'block', WHEN_FULL),
    remote: oneOf('remote', options.remote ?? 'none', REMOTE),
  };
}

export function consumeSettings(options: ConsumeOptions): ConsumeOptions & { readonly concurrency: number } {
  checkKeys('consume', options, CONSUME_KEYS);
  const { signal, onError } = options;
  const concurrency = wholeNumber('concurrency', options.concurrency ?? 1, 1, Number.MAX_SAFE_INTEGER);
  if (onError !== undefined && typeof onError !== 'function')
    throw invalid('onError', 'a function', typeof onError);
  return { signal, concurrency, onError };
}

/** The default is the widest. */
export function scopeOf(scope: Scope | undefined): Scope {
  return oneOf('scope', scope ?? 'site', SCOPES);
}

/** As large as it must be for one message of the size that was asked for. */
function defaultQueue(maxMessageSize: number): number {
  return maxMessageSize === ALL_ONES
    ? DEFAULT_QUEUE_BYTES
    : Math.max(DEFAULT_QUEUE_BYTES, maxMessageSize + MESSAGE_OVERHEAD);
}

export function clientBuffer(options: OpenOptions): number {
  checkKeys('openMailslot', options, OPEN_KEYS);
  return wholeNumber('bufferBytes', options.bufferBytes ?? DEFAULT_CLIENT_BUFFER, 1, Number.MAX_SAFE_INTEGER);
}

/** A time in milliseconds: any number from 0, or `Infinity`. */
export function timeoutMs(option: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw invalid(option, 'a number of milliseconds from 0, or Infinity', value);
}

export function invalid(option: string, expected: string, value: unknown): MailslotError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `${option} is ${expected}, not ${shown}`);
}

/** A misspelled option would leave its default in force without a word. */
function checkKeys(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw invalid(`the options of ${what}`, 'an object', options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`an option of ${what}`, `one of ${known.join(', ')}`, unknown);
}

function wholeNumber(option: string, value: number, lowest: number, highest: number): number {
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return value;
  if (Number.isInteger(value)) {
    const bound = value < lowest ? `at least ${lowest}` : `at most ${highest}`;
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `${option} must be ${bound}, not ${value}`);
  }
  throw invalid(option, `a whole number from ${lowest} to ${highest}`, value);
}

function oneOf<T extends string>(option: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw invalid(option, `one of ${values.map((each) => `'${each}'`).join(', ')}`, value);
}
