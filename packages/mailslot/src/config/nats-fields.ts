import { MAX_NATS_SERVERS } from '../limits.js';
import type { Fields } from './json-fields.js';
import type { NatsSettings } from './nats-settings.js';

/** Fields that are texts and may be missing. */
const TEXTS = ['token', 'user', 'password', 'nkey', 'credentials', 'ca', 'cert', 'key'] as const;

/** One makes no sense without the other. */
const PAIRS = [
  ['user', 'password'],
  ['cert', 'key'],
] as const;

/** Ways to say who one is; a server takes one. */
const PROOFS = ['token', 'user', 'nkey', 'credentials'] as const;

/** How a domain is carried over NATS, from a configuration file or a program. */
export function parseNats(entry: Fields): NatsSettings {
  const servers = entry.texts('servers');
  const texts = TEXTS.map((name) => [name, entry.text(name)] as const).filter(
    ([, text]) => text !== undefined,
  );
  const seal = entry.flag('seal');
  entry.done();
  if (servers === undefined || servers.length > MAX_NATS_SERVERS || !servers.every(isServer)) {
    throw entry.wrong(
      'servers',
      `a list of 1 to ${MAX_NATS_SERVERS} servers, each as nats://host:port or tls://host:port, ${RULES}${wrongOne(servers)}`,
    );
  }
  const has = (name: string): boolean => texts.some(([given]) => given === name);
  for (const [one, other] of PAIRS) {
    if (has(one) !== has(other))
      throw entry.wrong(has(one) ? other : one, `missing beside "${has(one) ? one : other}"`);
  }
  const [first, second] = PROOFS.filter(has);
  if (second !== undefined) throw entry.wrong(second, `one too many beside "${first}": choose one of them`);
  return { servers, ...Object.fromEntries(texts), ...(seal === undefined ? {} : { seal }) };
}

/** A password in a URL is seen by everybody: on the command line, in logs and in what `status` shows. */
const RULES = 'without user and password in it, which have fields of their own';

/** Which one it is; what may have a password in it is not shown. */
function wrongOne(servers: readonly string[] = []): string {
  const at = servers.findIndex((server) => !isServer(server));
  if (at < 0) return '';
  const shown = servers[at]?.includes('@')
    ? ''
    : ` (${JSON.stringify(servers[at]?.slice(0, SHOWN_CHARACTERS))})`;
  return `; number ${at + 1}${shown} is none`;
}

const SHOWN_CHARACTERS = 80;

function isServer(text: string): boolean {
  if (!/^(nats|tls):\/\/[^/?#@\s]+\/?$/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hostname !== '';
}
