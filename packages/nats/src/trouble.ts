import { AuthorizationError, UserAuthenticationExpiredError } from '@nats-io/transport-node';
import { MailslotError } from 'mailslot';
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

/** Why there is no connection, and what to do. */
export function unreachable(unanswered: readonly Unanswered[]): MailslotError {
  const list = unanswered.map(({ server, reason }) => `${server.host}:${server.port} (${reason})`).join(', ');
  const text = `no NATS server answers: ${list}. Start one, or correct "servers"; a firewall may be in between`;
  return new MailslotError('ERR_MAILSLOT_IO', text);
}

/** Why a server that answers was not connected to, and what to do. */
export function refused(server: string, cause: unknown): MailslotError {
  const reason = reasonOf(cause);
  return new MailslotError('ERR_MAILSLOT_IO', `the NATS server ${server} ${stepOf(reason, cause)}`, {
    cause,
  });
}

/** What a server says on a connection that goes on. */
export function complaint(server: string, cause: unknown): string {
  return `the NATS server ${server} complains (${reasonOf(cause)}): look into its log`;
}

function stepOf(reason: string, cause: unknown): string {
  if (isAuthorization(cause)) {
    return `does not let this computer in (${reason}): check token, user and password, nkey or credentials against the server's configuration`;
  }
  if (cause instanceof ProtocolBreach) {
    return `is none, or a broken one (${reason}): correct "servers"`;
  }
  if (isTls(cause)) {
    return `and this computer do not agree on TLS (${reason}): "ca" names the authority of its certificate, "cert" and "key" what it may ask of us`;
  }
  return `did not take the connection (${reason}): look into its log`;
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
