import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { MailslotError } from '../errors.js';
import { configPath, type Environment, readConfigFile } from './config-file.js';
import type { LanSettings, StoredDomain } from './config-schema.js';
import { groupName } from './group-name.js';
import { Fields, type Refuse } from './json-fields.js';
import { parseNats } from './nats-fields.js';
import { withPathsIn } from './nats-files.js';
import type { NatsSettings } from './nats-settings.js';
import { readTrusted, unusable } from './trusted-file.js';

/** What beats the environment and the configuration file. */
export interface ConfigOptions {
  /** The configuration file. Default: `MAILSLOT_CONFIG`, else the one of this user, see `configPath`. */
  readonly path?: string | undefined;
  /** This computer's name. Default: `MAILSLOT_COMPUTER`, the file's, the first part of the host's name. */
  readonly computer?: string | undefined;
  /** The primary domain, one of those in the file. Default: `MAILSLOT_DOMAIN`, the first in the file. */
  readonly domain?: string | undefined;
  /** For all domains; each field that is given takes the place of the file's. False: nothing goes over the LAN. */
  readonly lan?: LanSettings | false | undefined;
  /**
   * For all domains; each field that is given takes the place of the file's. False: nothing goes over NATS. Relative
   * paths begin in the folder of this process.
   */
  readonly nats?: NatsSettings | false | undefined;
}

/** What holds on this computer: options before environment before file. */
export interface Config {
  /** Of the file, which need not be there. */
  readonly path: string;
  /** In upper case. */
  readonly computer: string;
  /** Whether that is the first part of the host's name, which may change; else somebody has chosen it. */
  readonly isNamedByHost: boolean;
  /** The first is the primary one. One without a key in use is silent. Paths in them are absolute. */
  readonly domains: readonly StoredDomain[];
  /** Path of the policy file. `undefined`: everything is allowed. */
  readonly policy: string | undefined;
}

/**
 * The configuration of this user, or of the machine for root. Without a file there is no domain.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`: others may read the file, it says what it should not, or the
 *   domain that is asked for is not in it
 */
export function loadConfig(env: Environment, options: ConfigOptions = {}): Config {
  const path = configPath(env, options.path);
  const file = readConfigFile(path);
  const refuse: Refuse = (reason) =>
    new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `the configuration cannot be used: ${reason}`);
  // An empty variable is as good as none.
  const computer = options.computer || env['MAILSLOT_COMPUTER'] || file.computer;
  const domain = options.domain || env['MAILSLOT_DOMAIN'];
  const nats = options.nats && withPathsIn('', checkedNats(options.nats, refuse));
  return {
    path,
    computer: groupName("the computer's name", computer ?? hostLabel(), refuse),
    isNamedByHost: computer === undefined,
    domains: primaryFirst(file.domains, domain, path).map((stored) => ({
      ...stored,
      lan: lanOf(stored, options.lan),
      nats: natsOf(stored, nats, path, refuse),
    })),
    policy: file.policy === undefined ? undefined : resolve(dirname(path), file.policy),
  };
}

/**
 * The text of the policy that a configuration names; `undefined` when it names none.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG` also when the file is missing: without it everything would be
 *   allowed
 */
export function policyText({ policy, path }: Config): string | undefined {
  if (policy === undefined) return undefined;
  const text = readTrusted(policy, { what: 'the policy', forbidden: 0o022, mode: 'go-w' });
  if (text === undefined) {
    throw unusable('the policy', policy, `it is not there`, `make it, or take "policy" out of ${path}`);
  }
  return text;
}

function primaryFirst(
  domains: readonly StoredDomain[],
  asked: string | undefined,
  path: string,
): readonly StoredDomain[] {
  if (!asked) return domains;
  const wanted = groupName('the domain', asked, (reason) =>
    unusable('the configuration', path, reason, 'ask for a domain that is in it'),
  );
  const primary = domains.find(({ name }) => name === wanted);
  if (primary === undefined) {
    throw unusable(
      'the configuration',
      path,
      `domain ${wanted} was asked for and is not in it`,
      `run "mailslot key new ${wanted}", or on a computer ` +
        'that is in it "mailslot key share", and give that line to "mailslot key install" here',
    );
  }
  return [primary, ...domains.filter((domain) => domain !== primary)];
}

function lanOf({ lan }: StoredDomain, asked: ConfigOptions['lan']): LanSettings | false {
  return asked === undefined ? lan : asked && { ...lan, ...asked };
}

function natsOf(
  { nats }: StoredDomain,
  asked: ConfigOptions['nats'],
  path: string,
  refuse: Refuse,
): NatsSettings | undefined {
  if (asked === false) return undefined;
  const stored = nats && withPathsIn(dirname(path), nats);
  // Together they may say who this is in two ways.
  return asked === undefined ? stored : checkedNats({ ...stored, ...asked }, refuse);
}

function checkedNats(settings: NatsSettings, refuse: Refuse): NatsSettings {
  return parseNats(new Fields(settings, 'nats', refuse));
}

/** The first part of the host's name. A container's may be empty, and one that was typed by hand may be anything. */
export function hostLabel(): string {
  return hostname().split('.')[0] || 'LOCALHOST';
}
