import { MailslotError } from '../errors.js';
import { onAbort } from '../msfs/abort.js';
import { invalid, scopeOf, timeoutMs } from '../msfs/options.js';
import type { Scope } from '../name/scope.js';
import type { Log } from '../ports/log.js';
import { realPorts } from '../ports/ports.js';
import { decodeBody, isBody, type MessageBody } from './body.js';
import { compose, type SendOptions } from './compose.js';
import { messengerFolder } from './folder.js';
import { historyNames } from './history-names.js';
import { EVERYBODY, replySlotOf } from './name.js';
import type { Receipt, ReceiptKind } from './note.js';
import { takesReceipt } from './note-index.js';
import { sendToPeople } from './reach-people.js';
import type { Reached } from './sending.js';
import { computerOf, ownUser } from './settings.js';
import { type Context, hearOn } from './slots.js';
import { newId } from './who.js';

/** How a message is sent without a messenger. */
export interface SendNoteOptions extends Omit<SendOptions, 'wants'> {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
  /** As for `OpenOptions.scope`. */
  readonly scope?: Scope | undefined;
  /** Waits for this receipt. Default: for none. */
  readonly waitFor?: ReceiptKind | undefined;
  /** How long, in milliseconds. Default: forever; for `*` it must be given, since nobody knows how many will answer. */
  readonly timeout?: number | undefined;
}

/** What became of it. */
export interface SentNote {
  readonly id: string;
  /** How far it went: to the domain, or, while this computer is in none or nothing leads to others, to whoever has the name here. */
  readonly reached: 'domain' | 'here';
  /** Those that were waited for: the first one, or for `*` all that came in time. */
  readonly receipts: readonly Receipt[];
}

/** Whether other computers can be reached is seen when the message is sent. */
const SILENT: Log = { warn() {} };

/**
 * Sends a message to a name, or with `*` to everybody, without being a messenger: for programs that only send. It is in
 * nobody's history but the receivers'.
 *
 * Resolves when it was handed to the network, or, with `waitFor`, when the first receipt has come: for `*` after `timeout`,
 * with all that came. Rejects with `ERR_MAILSLOT_TIMEOUT` when none came (it may have been shown all the same: who receives
 * a message chooses whether to say so), with the signal's reason, and as `Messenger.send` does.
 */
export async function sendNote(to: string, text: string, options: SendNoteOptions = {}): Promise<SentNote> {
  const ports = realPorts;
  const { root, scope, waitFor, signal, from = ownUser() } = options;
  const computer = (): string => computerOf(undefined);
  const around: Context = { root, scope: scopeOf(scope), ports, feedLog: SILENT, computer };
  const id = newId(ports.random);
  const head = { id, from, time: ports.clock.now(), reply: replySlotOf(id) };
  const body = compose(head, to, text, { ...options, wants: waitFor });
  const timeout = patienceOf(body, options);
  const { domain, anyway = false } = options;
  const known = (): string[] => historyNames(messengerFolder(process.env));
  const send = (): Promise<Reached> =>
    sendToPeople({ body, domain, anyway, known, tell: ports.log.warn }, around, signal);
  if (waitFor !== undefined) return awaitReceipts({ body, waitFor, timeout, signal }, around, send);
  return { id, reached: told(await send()), receipts: [] };
}

function told(reached: Reached): SentNote['reached'] {
  return reached === 'domain' ? 'domain' : 'here';
}

interface Wait {
  readonly body: MessageBody;
  readonly waitFor: ReceiptKind;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

async function awaitReceipts(
  { body, waitFor, timeout, signal }: Wait,
  around: Context,
  send: () => Promise<Reached>,
): Promise<SentNote> {
  const { clock } = around.ports;
  const receipts: Receipt[] = [];
  const wait = withResolvers();
  const slot = await hearOn(replySlotOf(body.id), around, ({ data, sender }) => {
    const computer = sender.via === 'local' ? undefined : sender.computer;
    const receipt = receiptOf(data, body.id, computer, clock.now());
    if (receipt?.kind !== waitFor || !takesReceipt({ isOwn: true, receipts }, receipt)) return;
    receipts.push(receipt);
    if (body.to !== EVERYBODY) wait.resolve();
  });
  const alarm = timeout < Number.POSITIVE_INFINITY ? clock.after(timeout, wait.resolve) : undefined;
  const stopListening = onAbort(signal, () => wait.reject(signal?.reason));
  try {
    const reached = await send();
    await wait.promise;
    if (receipts.length > 0) return { id: body.id, reached: told(reached), receipts };
  } finally {
    alarm?.cancel();
    stopListening();
    await slot.close();
  }
  throw new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `nobody has said within ${timeout} ms that the message to ${body.to} was ${waitFor}; ` +
      'it may have been all the same: who receives it chooses whether to say so',
  );
}

function receiptOf(
  data: Uint8Array,
  id: string,
  computer: string | undefined,
  time: number,
): Receipt | undefined {
  try {
    const body = isBody(data) ? decodeBody(data) : undefined;
    if (body?.kind !== 'delivered' && body?.kind !== 'read') return undefined;
    return body.of === id ? { name: body.from, computer, kind: body.kind, time } : undefined;
  } catch (error) {
    if (error instanceof MailslotError) return undefined;
    throw error;
  }
}

function patienceOf({ to }: MessageBody, { waitFor, timeout }: SendNoteOptions): number {
  const ms = timeoutMs('timeout', timeout ?? Number.POSITIVE_INFINITY);
  if (waitFor === undefined || to !== EVERYBODY || ms < Number.POSITIVE_INFINITY) return ms;
  throw invalid('timeout', 'a number of milliseconds when everybody is waited for', timeout);
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve = (): void => {};
  let reject = (_reason: unknown): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody may be waiting yet.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
