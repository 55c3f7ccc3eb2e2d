import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyStore } from 'mailslot/domains';
import type { Scene } from '../../harness/scene.js';

/** The paths of the configurations of those computers, all of one new domain that is on loopback only. */
export function loopbackDomain<Name extends string>(
  at: Scene,
  ...computers: readonly Name[]
): Readonly<Record<Name, string>> {
  const folder = at.folder();
  const shared = join(folder, 'config.json');
  openKeyStore(shared).create('OFFICE');
  const { domains } = JSON.parse(readFileSync(shared, 'utf8')) as { domains: object[] };
  const onLoopback = domains.map((domain) => ({ ...domain, lan: { interfaces: ['lo'] } }));
  const paths = computers.map((computer) => {
    const path = join(folder, `${computer}.json`);
    writeFileSync(path, JSON.stringify({ computer, domains: onLoopback }), { mode: 0o600 });
    return [computer, path];
  });
  return Object.fromEntries(paths);
}

/** The environment of programs with that root and configuration. */
export function environment(root: string, config: string): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return { ...env, MAILSLOT_ROOT: root, MAILSLOT_CONFIG: config };
}
