import { AuthorizationError, UserAuthenticationExpiredError } from '@nats-io/transport-node';
import { MailslotError, type NatsState } from 'mailslot';
import type { Unanswered } from './probe.js';

/** The server sends what no NATS server sends. */
export class ProtocolBreach extends Error {
  /** `what` completes "it sends". */
  constructor(what: string) {
    super(`it sends ${what}`);
    this.name = 'ProtocolBreach';
  }
}

/** The server and this computer do not agree on TLS. */
export class TlsTrouble extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'TlsTrouble';
  }
}

/** What programs are told a problem by. */
export type ProblemCode = NonNullable<NatsState['problemCode']>;

/** What keeps this computer from the servers, or troubles it there. */
export class NatsTrouble extends MailslotError {
  readonly problemCode: ProblemCode;

  constructor(problemCode: ProblemCode, text: string, details: { remedy: string; cause?: unknown }) {
    super('ERR_MAILSLOT_IO', text, details);
    this.problemCode = problemCode;
  }
}

/** Of what was thrown before a server was asked. */
export function problemCodeOf(error: unknown): ProblemCode {
  if (error instanceof NatsTrouble) return error.problemCode;
  return error instanceof MailslotError ? 'settings' : 'server';
}

/** The system found no address for a name. */
const NO_ADDRESS: readonly (string | undefined)[] = ['ENOTFOUND', 'EAI_AGAIN'];

/** Why there is no connection, and what to do. */
export function unreachable(unanswered: readonly Unanswered[]): NatsTrouble {
  const list = unanswered.map(({ server, reason }) => `${server.host}:${server.port} (${reason})`).join(', ');
  const isUnknown = unanswered.some(({ reason }) => NO_ADDRESS.includes(reason));
  return new NatsTrouble(isUnknown ? 'name-unknown' : 'unreachable', `no NATS server answers: ${list}`, {
    remedy: 'start one, or correct "servers"; a firewall may be in between',
  });
}

/** Why a server that answers was not connected to, and what to do. */
export function refused(server: string, cause: unknown): NatsTrouble {
  const problemCode = codeOf(cause);
  const [what, remedy] = STEPS[problemCode] ?? TURNED_AWAY;
  const text = `the NATS server ${server} ${what} (${reasonOf(cause)})`;
  return new NatsTrouble(problemCode, text, { cause, remedy });
}

/** Found again by itself, where the server is not to blame. */
export function lost(server: string): NatsTrouble {
  return new NatsTrouble('lost', `the connection to ${server} was lost`, {
    remedy: 'look whether the server runs; the connection comes back with it',
  });
}

/** What a server says on a connection that goes on. */
export function complaint(server: string, cause: unknown): NatsTrouble {
  const text = `the NATS server ${server} complains (${reasonOf(cause)})`;
  return new NatsTrouble(codeOf(cause), text, { cause, remedy: LOOK });
}

const LOOK = 'look into its log';
const TURNED_AWAY = ['did not take the connection', LOOK] as const;

const STEPS: Partial<Readonly<Record<ProblemCode, readonly [what: string, remedy: string]>>> = {
  'not-let-in': [
    'does not let this computer in',
    "check token, user and password, nkey or credentials against the server's configuration",
  ],
  unreachable: ['is none, or a broken one', 'correct "servers"'],
  tls: [
    'and this computer do not agree on TLS',
    '"ca" names the authority of its certificate, "cert" and "key" what it may ask of us',
  ],
};

/** The protocol has no numbers: a server tells its limits by these words, behind `-ERR`. */
const LIMITS_OF_A_SERVER: Readonly<Record<string, ProblemCode>> = {
  'maximum connections exceeded': 'max-connections',
  'maximum account active connections exceeded': 'max-connections',
  'maximum subscriptions exceeded': 'max-subscriptions',
};

function codeOf(cause: unknown): ProblemCode {
  if (isAuthorization(cause)) return 'not-let-in';
  if (cause instanceof ProtocolBreach) return 'unreachable';
  if (isTls(cause)) return 'tls';
  if (!(cause instanceof Error)) return 'server';
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== undefined) return NO_ADDRESS.includes(code) ? 'name-unknown' : 'unreachable';
  return LIMITS_OF_A_SERVER[cause.message.toLowerCase()] ?? 'server';
}

function isAuthorization(cause: unknown): boolean {
  return cause instanceof AuthorizationError || cause instanceof UserAuthenticationExpiredError;
}

/** A server that wants a certificate of ours says so only after the handshake, in an alert. */
function isTls(cause: unknown): boolean {
  if (cause instanceof TlsTrouble) return true;
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_SSL_');
}

/** What an error says, with its code where it has one. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'it hung up';
  const { code } = cause as NodeJS.ErrnoException;
  return code === undefined || cause.message.includes(code) ? cause.message : `${cause.message}, ${code}`;
}
