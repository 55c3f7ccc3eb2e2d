import { MailslotError } from '../errors.js';
import { MAX_DOMAINS, MAX_KEYS } from '../limits.js';
import { keyOf } from '../packet/key-ring.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { changeConfigFile, configPath, readConfigFile } from './config-file.js';
import type { StoredDomain, StoredKey } from './config-schema.js';
import { groupName } from './group-name.js';
import { formatKeyLine, parseKeyLine } from './key-line.js';

/** A key as it may be shown: everything but its secret. */
export interface KeyEntry {
  readonly id: string;
  readonly domain: string;
  /** When it came to this computer; ISO 8601. */
  readonly installed: string;
  /** Whether this computer sends with it; it understands all keys of the list. */
  readonly inUse: boolean;
}

/** The keys of the configuration file at `path`; default: as {@link configPath} says. */
export function openKeyStore(path?: string): KeyStore {
  return new KeyStore(configPath(process.env, path), realPorts);
}

/**
 * The keys in a configuration file. Each change is in the file, whole, when the method returns; a redirector that runs
 * learns of it by `reload`.
 *
 * A domain changes its key without a gap like this: `create` on one computer, `install` on all others, then `use` on
 * all, then `remove` of the old one on all.
 *
 * All methods throw MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG` when the file cannot be used, and
 * `ERR_MAILSLOT_INVALID_ARGUMENT` when what is asked for cannot be.
 */
export class KeyStore {
  readonly path: string;
  private readonly ports: Pick<Ports, 'clock' | 'random'>;

  constructor(path: string, ports: Pick<Ports, 'clock' | 'random'>) {
    this.path = path;
    this.ports = ports;
  }

  list(): KeyEntry[] {
    return this.read().flatMap((domain) => domain.keys.map((key) => entry(domain, key)));
  }

  /**
   * Makes a key by chance. It is used at once if the domain has no other key.
   *
   * @param interfaces those that the domain uses from now on, by name or address. Default: as they are; all for a domain
   *   that is new here
   */
  create(domain: string, interfaces?: readonly string[]): KeyEntry {
    const name = groupName('the domain', domain, cannot);
    return this.add(name, this.ports.random.bytes(32), interfaces);
  }

  /**
   * Takes a line of {@link share}. A key that is there already stays as it is.
   *
   * @param interfaces as for {@link create}
   */
  install(line: string, interfaces?: readonly string[]): KeyEntry {
    const { domain, secret } = parseKeyLine(line);
    return this.add(domain, secret, interfaces);
  }

  /** Whose key a line of {@link share} is. Throws `ERR_MAILSLOT_MALFORMED`. */
  domainOf(line: string): string {
    return parseKeyLine(line).domain;
  }

  /** Sends with this key from now on; the other computers of the domain must have it by then. */
  use(id: string): KeyEntry {
    return this.changeKey(id, (domain) => ({ ...domain, use: id }));
  }

  /** Forgets a key. One that is in use only if it is the domain's last one; then this computer leaves the domain. */
  remove(id: string): KeyEntry {
    return this.changeKey(id, (domain) => {
      const keys = domain.keys.filter((key) => key.id !== id);
      if (keys.length > 0 && domain.use === id) {
        throw cannot(`key ${id} is in use for ${domain.name}; first run "mailslot key use" with another one`);
      }
      return keys.length > 0 ? { ...domain, keys } : undefined;
    });
  }

  /** A key as a line for `install` on another computer; whoever has it is a member. */
  share(id: string): string {
    const { domain, key } = find(this.read(), id);
    return formatKeyLine({ domain: domain.name, secret: key.secret });
  }

  private add(name: string, secret: Uint8Array, interfaces: readonly string[] | undefined): KeyEntry {
    const { id } = keyOf(secret);
    const key = { id, secret, installed: new Date(this.ports.clock.now()).toISOString() };
    this.change((domains) => {
      const other = domains.find(
        (domain) => domain.name !== name && domain.keys.some((each) => each.id === id),
      );
      if (other !== undefined) throw cannot(`key ${id} is one of ${other.name}; each domain has its own`);
      const known = domains.find((domain) => domain.name === name);
      const domain = known ?? { name, keys: [], use: undefined, lan: {}, nats: undefined };
      const keys = domain.keys.some((each) => each.id === id) ? domain.keys : [...domain.keys, key];
      const lan = interfaces === undefined ? domain.lan : { ...(domain.lan || {}), interfaces };
      const next = { ...domain, keys, use: domain.use ?? id, lan };
      return known === undefined ? [...domains, next] : domains.map((each) => (each === known ? next : each));
    });
    return this.entryOf(id);
  }

  /** What the key was before the change if it is gone after it. */
  private changeKey(id: string, change: (domain: StoredDomain) => StoredDomain | undefined): KeyEntry {
    const before = this.entryOf(id);
    this.change((domains) => {
      const { domain } = find(domains, id);
      return domains.flatMap((each) => (each === domain ? (change(domain) ?? []) : each));
    });
    return this.list().find((key) => key.id === id) ?? before;
  }

  private entryOf(id: string): KeyEntry {
    const { domain, key } = find(this.read(), id);
    return entry(domain, key);
  }

  private read(): readonly StoredDomain[] {
    return readConfigFile(this.path).domains;
  }

  private change(change: (domains: readonly StoredDomain[]) => readonly StoredDomain[]): void {
    changeConfigFile(this.path, (file) => {
      const domains = change(file.domains);
      if (domains.length > MAX_DOMAINS) throw cannot(`a computer is in at most ${MAX_DOMAINS} domains`);
      if (domains.some(({ keys }) => keys.length > MAX_KEYS)) {
        throw cannot(`a domain has at most ${MAX_KEYS} keys; remove an old one`);
      }
      return { ...file, domains };
    });
  }
}

function find(
  domains: readonly StoredDomain[],
  id: string,
): { readonly domain: StoredDomain; readonly key: StoredKey } {
  for (const domain of domains) {
    const key = domain.keys.find((each) => each.id === id);
    if (key !== undefined) return { domain, key };
  }
  throw cannot(`there is no key ${JSON.stringify(id)} here; "mailslot key list" shows those there are`);
}

function entry(domain: StoredDomain, { id, installed }: StoredKey): KeyEntry {
  return { id, domain: domain.name, installed, inUse: domain.use === id };
}

function cannot(reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', reason);
}
