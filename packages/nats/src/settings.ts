import { checkServerIdentity, type PeerCertificate, rootCertificates } from 'node:tls';
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  nkeyAuthenticator,
  nkeys,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { MailslotError, type NatsSettings } from 'mailslot';
import { MAX_SERVERS } from './limits.js';

/** A server that is configured. */
export interface ServerAddress {
  /** As it was given. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly mustBeTls: boolean;
}

const DEFAULT_PORT = 4222;
const SCHEMES: readonly string[] = ['nats:', 'tls:'];

/** Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`. */
export function serversOf({ servers }: NatsSettings): ServerAddress[] {
  if (servers.length === 0 || servers.length > MAX_SERVERS)
    throw invalid(`a domain has 1 to ${MAX_SERVERS} NATS servers, not ${servers.length}`);
  return servers.map(serverOf);
}

function serverOf(url: string): ServerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Not shown: it may have a password in it.
  if (parsed === undefined || !SCHEMES.includes(parsed.protocol) || parsed.hostname === '')
    throw invalid('a NATS server is written as nats://host:4222 or tls://host:4222');
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid(
      `${parsed.host} has a user in its URL, which others would see: use "user" and "password", or "token"`,
    );
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return { url, host, port: Number(parsed.port) || DEFAULT_PORT, mustBeTls: parsed.protocol === 'tls:' };
}

/** Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT` for what cannot be a seed or credentials. */
export function authenticatorsOf({
  token,
  user,
  password,
  nkey,
  credentials,
}: NatsSettings): Authenticator[] {
  const list: Authenticator[] = [];
  if (token !== undefined) list.push(() => ({ auth_token: token }));
  if (user !== undefined) list.push(usernamePasswordAuthenticator(user, password));
  if (nkey !== undefined) list.push(nkeyAuthenticator(seedOf(nkey)));
  if (credentials !== undefined) list.push(credentialsOf(credentials));
  return list;
}

function seedOf(text: string): Uint8Array {
  const seed = Buffer.from(text.trim());
  try {
    nkeys.fromSeed(seed);
  } catch {
    throw invalid(
      'the file of "nkey" holds no seed: it has one line that begins with SU, as `nk -gen user` prints',
    );
  }
  return seed;
}

function credentialsOf(text: string): Authenticator {
  const authenticator = credsAuthenticator(Buffer.from(text));
  try {
    authenticator('probe');
  } catch {
    throw invalid('the file of "credentials" holds none: take the .creds file that `nsc` wrote, unaltered');
  }
  return authenticator;
}

/** What TLS is done with; undefined: as the server wishes, and trusting whom Node trusts. */
export function tlsOf(settings: NatsSettings, dialled: () => string | undefined): NodeTlsOptions | undefined {
  const { ca, cert, key } = settings;
  const isAsked = [ca, cert, key].some((text) => text !== undefined);
  if (!isAsked && !serversOf(settings).some(({ mustBeTls }) => mustBeTls)) return undefined;
  const options: TlsOptions = {
    // Node takes the client library's word that a server without a name is called localhost.
    checkServerIdentity: (name, certificate) => checkServerIdentity(dialled() ?? name, certificate),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca].join('\n') }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  return options;
}

type NodeTlsOptions = NonNullable<NodeConnectionOptions['tls']>;

/** The client library hands on what it does not know. */
type TlsOptions = NodeTlsOptions & {
  checkServerIdentity(name: string, certificate: PeerCertificate): Error | undefined;
};

function invalid(text: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', text);
}
