import { permissionsOf } from '@mailslot/nats';
import { computerName, domainName, loadConfig } from 'mailslot/domains';
import { jsonLine } from './escape.js';
import { UsageError } from './exit.js';
import { print } from './output.js';

export interface PermissionsOptions {
  readonly config?: string;
  readonly domain?: string;
  readonly json?: boolean;
}

/** What a server has to know of one computer. */
interface Permissions {
  readonly computer: string;
  readonly domain: string;
  /** Subjects that it may publish to. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Prints the part of a nats-server's configuration that is about these computers. */
export async function showPermissions(names: readonly string[], options: PermissionsOptions): Promise<void> {
  const domain = options.domain === undefined ? primaryDomain(options) : domainName(options.domain);
  const computers = [...new Set(names.map(computerName))];
  const all = computers.map((computer) => ({ computer, domain, ...permissionsOf(domain, computer) }));
  await print(options.json ? all.map(jsonLine).join('') : serverBlock(all));
}

/** Of the server that asks for them, which need not be a computer of that domain: then the domain is named. */
function primaryDomain({ config }: PermissionsOptions): string {
  const [primary] = loadConfig(process.env, { path: config }).domains;
  if (primary !== undefined) return primary.name;
  throw new UsageError('this computer is in no domain: say which one is meant with --domain');
}

/**
 * A password is a variable that the server does not know: it refuses to start until somebody has put one in its place,
 * while an example would let everybody in.
 */
function serverBlock(all: readonly Permissions[]): string {
  const users = all.map(({ computer, domain, publish, subscribe }) =>
    [
      `    # ${computer} in the domain ${domain}. An nkey in place of user and password is better: nkey: U…`,
      `    { user: ${quoted(computer)}, password: $${variableOf(computer)}`,
      '      permissions: {',
      `        publish: { allow: [${publish.map(quoted).join(', ')}] }`,
      `        subscribe: { allow: [${subscribe.map(quoted).join(', ')}] }`,
      '      } }',
    ].join('\n'),
  );
  return `${HEAD}\nauthorization {\n  users: [\n${users.join('\n')}\n  ]\n}\n`;
}

const HEAD = `# For the configuration of a nats-server, which may "include" this file. Put a password in place of each $…, or what
# "nats server passwd" makes of it. Each computer can then speak in its own name only, and hears its domain only.`;

/** Names have no control characters; all else may stand in quotes of either kind. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Other than of any other computer: what no variable can have in it is spelled by its number. */
function variableOf(computer: string): string {
  const word = [...computer].map((each) =>
    /[A-Z0-9]/.test(each) ? each : `_${each.codePointAt(0)?.toString(16)}_`,
  );
  return `PASSWORD_${word.join('')}`;
}
