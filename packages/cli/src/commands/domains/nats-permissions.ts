import { permissionsOf } from '@mailslot/nats';
import { computerName, domainName, loadConfig } from 'mailslot/domains';
import { jsonLine } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { print } from '../../terminal/output.js';

export interface PermissionsOptions {
  readonly config?: string;
  readonly domain?: readonly string[];
  readonly json?: boolean;
}

/** What a server has to know of one computer in one domain. */
interface Permissions {
  readonly computer: string;
  readonly domain: string;
  /** Subjects that it may publish to. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Prints the part of a nats-server's configuration that is about these computers, all of which are in all of the domains. */
export async function showPermissions(names: readonly string[], options: PermissionsOptions): Promise<void> {
  const domains = [...new Set(options.domain?.map(domainName) ?? [primaryDomain(options)])];
  const computers = [...new Set(names.map(computerName))];
  const users = computers.map((computer) =>
    domains.map((domain) => ({ computer, domain, ...permissionsOf(domain, computer) })),
  );
  await print(options.json ? users.flat().map(jsonLine).join('') : serverBlock(users));
}

/** Of the server that asks for them, which need not be a computer of that domain: then the domain is named. */
function primaryDomain({ config }: PermissionsOptions): string {
  const [primary] = loadConfig(process.env, { path: config }).domains;
  if (primary !== undefined) return primary.name;
  throw new UsageError('this computer is in no domain: say which one is meant with --domain');
}

/** One user for each computer, in whatever domains it is: that is what it logs in as for each of them. */
function serverBlock(users: readonly (readonly Permissions[])[]): string {
  return `${HEAD}\nauthorization {\n  users: [\n${users.map(userEntry).join('\n')}\n  ]\n}\n`;
}

/**
 * A password is a variable that the server does not know: it refuses to start until somebody has put one in its place,
 * while an example would let everybody in.
 */
function userEntry(domains: readonly Permissions[]): string {
  const computer = domains[0]?.computer ?? '';
  return [
    `    { user: ${quoted(computer)}, password: $${variableOf(computer)}`,
    '      permissions: {',
    allowed(
      'publish',
      domains.map(({ domain, publish }) => [domain, publish]),
    ),
    allowed(
      'subscribe',
      domains.map(({ domain, subscribe }) => [domain, subscribe]),
    ),
    '      } }',
  ].join('\n');
}

function allowed(
  what: string,
  subjects: readonly (readonly [domain: string, list: readonly string[]])[],
): string {
  const lines = subjects.map(
    ([domain, list]) => `          # ${domain}\n          ${list.map(quoted).join(', ')}\n`,
  );
  return `        ${what}: { allow: [\n${lines.join('')}        ] }`;
}

const HEAD = `# For the configuration of a nats-server, which may "include" this file. It is the one block for all: of two such blocks
# the server uses the last. When a computer or a domain is added, make it again, with all of them at once.
#
# Put a password in place of each $…, or the bcrypt hash that "nats server passwd" makes of it. "nkey: U…" in place of user
# and password is better: checking a hash takes the server up to 0.4 s of a core, so many computers cannot come back at once.
#
# Each computer can then speak in its own name only, and hears its domains only. A sender's name, its instance and its
# session are bound to its user. What it says is not: whoever has the key of a domain can still tell the others of
# computers that are not there.`;

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
