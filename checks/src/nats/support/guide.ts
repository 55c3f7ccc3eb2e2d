import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPages } from '../../docs/markdown.js';
import type { Scene } from '../../harness/scene.js';
import { writeFiles } from '../../support/folder.js';
import { runNode, runProgram } from '../../support/program.js';
import { inRepo } from '../../support/repo.js';

/** The servers' configurations of docs/guide/scale.md, with all that they speak of, in a folder. */
export interface Guide {
  readonly folder: string;
  /** Their files' names, as the first line of each says. */
  readonly files: readonly string[];
  /** A value for each of their variables that is a password. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** For these computers of the domain; the certificates are for this machine. */
export function guide(at: Scene, domain: string, computers: readonly string[]): Guide {
  const folder = at.folder();
  const page = readPages().find(({ path }) => path === 'docs/guide/scale.md');
  const fences = page?.fences.filter(({ language }) => language === 'conf') ?? [];
  const configs: Record<string, string> = {};
  for (const { text } of fences) configs[/^# (\S+\.conf)$/m.exec(text)?.[1] ?? ''] = text;
  const permissions = mailslot('nats', 'permissions', ...computers, '--domain', domain);
  writeFiles(folder, { ...configs, 'computers.conf': permissions });
  certify(folder);
  const all = [permissions, ...fences.map(({ text }) => text)].join('\n');
  const variables = all.match(/\$PASSWORD_\w+/g) ?? [];
  const passwords = Object.fromEntries(variables.map((name, index) => [name.slice(1), `secret-${index}`]));
  return { folder, files: Object.keys(configs), passwords };
}

/** A configuration in one text that can stand anywhere, on loopback, with other ports, and with its variables' values. */
export function settled(
  { folder, passwords }: Guide,
  file: string,
  ports: Readonly<Record<number, number>>,
  variables: Readonly<Record<string, string>> = {},
): string {
  const include = (name: string): string =>
    readFileSync(join(folder, name), 'utf8').replace(/^include "(.+)"$/gm, (_all, other) => include(other));
  const values = { ...passwords, ...variables };
  return include(file)
    .replace(
      /^( *)port: (\d+)$/gm,
      (_all, indent, port) => `${indent}host: 127.0.0.1, port: ${ports[Number(port)]}`,
    )
    .replace(/(?<=_file: )"(.+)"/g, (_all, name) => JSON.stringify(join(folder, name)))
    .replace(/(?<=^[^#]*)\$(\w+)/gm, (_all, name) => JSON.stringify(values[name]));
}

function mailslot(...args: readonly string[]): string {
  const { code, stdout, stderr } = runNode([inRepo('packages/cli/bin/mailslot.cjs'), ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** A certificate that is its own authority. */
function certify(folder: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'server.key'];
  const names = ['-subj', '/CN=a server', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const { code, stderr } = runProgram('openssl', ['req', '-x509', ...key, ...names, '-out', 'server.pem'], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(stderr);
  copyFileSync(join(folder, 'server.pem'), join(folder, 'ca.pem'));
}
