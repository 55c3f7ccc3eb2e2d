import { lineOfMistake } from '../bytes/json-mistake.js';
import { LAN_PORT, LAN_UNICAST_PORT, LAN_UNICAST_PORTS, MAX_DOMAINS, MAX_KEYS } from '../limits.js';
import { keyOf } from '../packet/key-ring.js';
import { groupName } from './group-name.js';
import { Fields, type Refuse } from './json-fields.js';
import { parseNats } from './nats-fields.js';
import type { NatsSettings } from './nats-settings.js';
import { unusable } from './trusted-file.js';

/** A key of a domain, as it is kept. */
export interface StoredKey {
  /** 8 hexadecimal digits that follow from the secret; no secret itself. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** When it came to this computer; ISO 8601. */
  readonly installed: string;
}

/** How the LAN is used; what is not said is as `LanOptions` says. */
export interface LanSettings {
  readonly interfaces?: readonly string[];
  readonly family?: 'any' | 'IPv4' | 'IPv6';
  readonly port?: number;
  readonly unicastPort?: number;
}

export interface StoredDomain {
  /** In upper case. */
  readonly name: string;
  readonly keys: readonly StoredKey[];
  /** The id of the key that is sent with; without one the domain is silent. */
  readonly use: string | undefined;
  /** False: nothing goes over the LAN. */
  readonly lan: LanSettings | false;
  /** Undefined: nothing goes over NATS. */
  readonly nats: NatsSettings | undefined;
}

/** What a configuration file says:
 *
 *     { "computer": "ALPHA",
 *       "domains": [
 *         { "name": "OFFICE",
 *           "keys": [ { "id": "1a2b3c4d", "secret": "43 characters of base64url", "installed": "2026-11-22T…" } ],
 *           "use": "1a2b3c4d",
 *           "lan": { "interfaces": ["eth0"], "family": "any", "port": 48783, "unicastPort": 48800 },
 *           "nats": { "servers": ["tls://nats.example.com:4222"], "credentials": "office.creds" } } ],
 *       "policy": "policy.json" }
 */
export interface ConfigFile {
  /** In upper case. */
  readonly computer: string | undefined;
  /** The first is the primary one. */
  readonly domains: readonly StoredDomain[];
  /** A path, from the file's own folder on. */
  readonly policy: string | undefined;
}

export const NO_CONFIG: ConfigFile = { computer: undefined, domains: [], policy: undefined };

/**
 * Reads a configuration. What it does not know it refuses: a misspelled field would leave its default in force without
 * a word. No error shows the text itself, which holds secrets.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`
 */
export function parseConfig(text: string, path: string): ConfigFile {
  const refuse: Refuse = (reason) => unusable('the configuration', path, reason);
  const file = new Fields(parseJson(text, path), 'the file', refuse);
  const computer = file.text('computer');
  const config: ConfigFile = {
    computer: computer === undefined ? undefined : groupName('computer', computer, refuse),
    domains: file.list('domains', MAX_DOMAINS).map((entry) => parseDomain(entry, refuse)),
    policy: file.text('policy'),
  };
  file.done();
  const ids = config.domains.flatMap(({ keys }) => keys.map(({ id }) => id));
  const twice =
    repeated(config.domains.map(({ name }) => `domain ${name}`)) ?? repeated(ids.map((id) => `key ${id}`));
  if (twice !== undefined) throw refuse(`the ${twice} is in it twice`);
  return config;
}

/** The inverse of {@link parseConfig}. */
export function formatConfig({ computer, domains, policy }: ConfigFile): string {
  const json = {
    computer,
    domains: domains.map(({ name, keys, use, lan, nats }) => ({
      name,
      keys: keys.map(({ id, secret, installed }) => ({ id, secret: encodeSecret(secret), installed })),
      use,
      lan: lan === false || Object.keys(lan).length > 0 ? lan : undefined,
      nats,
    })),
    policy,
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function parseDomain(entry: Fields, refuse: Refuse): StoredDomain {
  const name = groupName(entry.place('name'), entry.required('name'), refuse);
  const keys = entry.list('keys', MAX_KEYS).map(parseKey);
  const use = entry.text('use');
  if (use !== undefined && !keys.some(({ id }) => id === use)) {
    throw refuse(`${entry.place('use')} is no id of a key of ${name}`);
  }
  const lan = entry.objectOrFalse('lan');
  const nats = entry.object('nats');
  entry.done();
  return {
    name,
    keys,
    use,
    lan: lan === undefined ? {} : lan && parseLan(lan),
    nats: nats && parseNats(nats),
  };
}

function parseKey(entry: Fields): StoredKey {
  const id = entry.required('id');
  const secret = decodeSecret(entry.required('secret'));
  if (secret === undefined) throw entry.wrong('secret', '43 characters of base64url, which are 32 bytes');
  if (keyOf(secret).id !== id) throw entry.wrong('id', `${keyOf(secret).id} for this secret, nothing else`);
  const installed = entry.required('installed');
  if (Number.isNaN(Date.parse(installed))) throw entry.wrong('installed', 'a time as 2026-11-22T08:00:00Z');
  entry.done();
  return { id, secret, installed };
}

function parseLan(entry: Fields): LanSettings {
  const interfaces = entry.texts('interfaces');
  const family = entry.text('family');
  const port = entry.number('port');
  const unicastPort = entry.number('unicastPort');
  entry.done();
  if (family !== undefined && family !== 'any' && family !== 'IPv4' && family !== 'IPv6') {
    throw entry.wrong('family', '"any", "IPv4" or "IPv6"');
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw entry.wrong('port', 'a whole number from 1 to 65535');
  }
  const last = 0x1_0000 - LAN_UNICAST_PORTS;
  if (
    unicastPort !== undefined &&
    !(Number.isInteger(unicastPort) && unicastPort >= 0 && unicastPort <= last)
  ) {
    throw entry.wrong('unicastPort', `a whole number from 0 to ${last}`);
  }
  // The one is shared with every program that hears the group, the other is this redirector's alone.
  if ((unicastPort ?? LAN_UNICAST_PORT) === (port ?? LAN_PORT)) {
    throw entry.wrong(
      port === undefined ? 'unicastPort' : 'port',
      `another port than ${port === undefined ? 'port' : 'unicastPort'}, which is ${port ?? LAN_PORT} as well`,
    );
  }
  return {
    ...(interfaces === undefined ? {} : { interfaces }),
    ...(family === undefined ? {} : { family }),
    ...(port === undefined ? {} : { port }),
    ...(unicastPort === undefined ? {} : { unicastPort }),
  };
}

export function encodeSecret(secret: Uint8Array): string {
  return Buffer.from(secret).toString('base64url');
}

/** `undefined`: these are not 32 bytes in the one way to write them. */
export function decodeSecret(text: string): Uint8Array | undefined {
  const secret = Buffer.from(text, 'base64url');
  return secret.length === 32 && secret.toString('base64url') === text ? new Uint8Array(secret) : undefined;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Node's words quote the text around the mistake, which may be a secret: only the place is told.
    throw unusable(
      'the configuration',
      path,
      'it is not JSON',
      `correct line ${lineOfMistake(text)} of ${path}`,
    );
  }
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at);
}
