import { MailslotError } from '../errors.js';
import { changeConfigFile, configPath } from './config-file.js';
import { domainName } from './group-name.js';
import { Fields } from './json-fields.js';
import { parseNats } from './nats-fields.js';
import { checkContents, withPathsIn } from './nats-files.js';
import type { NatsSettings } from './nats-settings.js';

/** Where {@link storeNats} puts what it is given. */
export interface NatsPlace {
  /** The configuration file. Default: `MAILSLOT_CONFIG`, else the one of this user. */
  readonly path?: string | undefined;
  /** One of its domains. Default: `MAILSLOT_DOMAIN`, else the first. */
  readonly domain?: string | undefined;
}

/**
 * Puts into the configuration file how a domain is carried over NATS, or, with `undefined`, that it is not. Relative
 * paths begin in the folder of this process. A redirector that runs learns of it by `reload`.
 *
 * @returns the domain's name
 * @throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT` for settings that cannot be, or a domain that is not in the file,
 *   `ERR_MAILSLOT_UNUSABLE_CONFIG` for a file that cannot be used, also one that the settings name
 */
export function storeNats(settings: NatsSettings | undefined, { path, domain }: NatsPlace = {}): string {
  const nats = settings && withPathsIn('', parseNats(new Fields(settings, 'nats', cannot)));
  // Looked at now, when somebody is there to mend them.
  if (nats !== undefined) checkContents(nats);
  const asked = domain || process.env['MAILSLOT_DOMAIN'];
  const wanted = asked ? domainName(asked) : undefined;
  let name = '';
  changeConfigFile(configPath(process.env, path), (file) => {
    const known = wanted !== undefined ? file.domains.find((each) => each.name === wanted) : file.domains[0];
    if (known === undefined) throw notIn(wanted);
    name = known.name;
    return { ...file, domains: file.domains.map((each) => (each === known ? { ...each, nats } : each)) };
  });
  return name;
}

function notIn(domain: string | undefined): MailslotError {
  const which = domain !== undefined ? `not in the domain ${domain}` : 'in no domain';
  return cannot(
    `this computer is ${which}; make it with "mailslot key new ${domain ?? 'OFFICE'}", or "mailslot key share" on ` +
      'one that is in it and "mailslot key install" here',
  );
}

function cannot(reason: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', reason);
}
