import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config/config-file.js';
import { MailslotError } from '../errors.js';
import { inNoDomain } from './no-domain.js';

/** This module, or the bundle that holds it: esbuild's CommonJS has no `import.meta.url`. */
const HERE = import.meta.url === undefined ? __filename : fileURLToPath(import.meta.url);

/**
 * Starts a redirector for `root` in a process of its own, which ends when nobody has needed it for a minute.
 *
 * Rejects with `ERR_MAILSLOT_REMOTE_DISABLED` when this computer is in no domain, since nothing is started that has
 * nothing to say, and with `ERR_MAILSLOT_NOT_FOUND` when MAILSLOT_AUTOSTART=0 forbids it, or when a bundler has left out the
 * program.
 */
export async function startDetached(root: string): Promise<void> {
  // Loaded on first need: who writes to a slot of this computer never asks for a configuration.
  const { loadConfig } = await import('../config/config.js');
  const config = loadConfig(process.env);
  const { domains, path } = config;
  if (domains.length === 0) throw inNoDomain();
  if (process.env['MAILSLOT_AUTOSTART'] === '0') {
    throw new MailslotError(
      'ERR_MAILSLOT_NOT_FOUND',
      'no redirector runs, and MAILSLOT_AUTOSTART=0 forbids to start one: run "mailslot serve"',
    );
  }
  // What would end it at once is told here: nobody sees what it says.
  (await import('../config/policy-of.js')).policyOf(config);
  const { withContents } = await import('../config/nats-files.js');
  for (const { nats } of domains) if (nats !== undefined) withContents(nats);
  const child = spawn(process.execPath, [program(), root], {
    detached: true,
    stdio: 'ignore',
    // It must not keep a folder busy in which somebody happened to be.
    cwd: '/',
    // The same file, though it is looked for from another folder.
    env: { ...chosenFrom(process.env), MAILSLOT_CONFIG: path },
  });
  // A program that cannot be started is noticed by who waits for it.
  child.on('error', () => {});
  child.unref();
}

/** What runs as a redirector that is started on demand. */
function program(): string {
  const places = placesOfProgram();
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new MailslotError(
    'ERR_MAILSLOT_NOT_FOUND',
    `no redirector runs, and the program to start one is missing: there is no ${places.join(' and no ')}. Bundlers leave ` +
      'it out: bundle "mailslot/redirector-process" as a second entry beside yours, keep "mailslot" out of the bundle, ' +
      'or run "mailslot serve"',
  );
}

/** A bundle has it beside itself, or above the folder into which its chunks went. */
function placesOfProgram(): string[] {
  const folder = dirname(HERE);
  if (basename(folder) === 'daemon-client') return [join(folder, '..', 'daemon', 'process.js')];
  const name = `redirector-process${extname(HERE)}`;
  return [join(folder, name), join(folder, '..', name)];
}

/**
 * What a redirector has of its starter's environment, and nothing else: it serves others too, and holds keys. So what
 * makes Node load code, open a debugger or trust somebody (NODE_OPTIONS, NODE_EXTRA_CA_CERTS) stays behind, as
 * whatever makes the loader of the system do so (LD_PRELOAD).
 */
const INHERITED = [
  'MAILSLOT_COMPUTER',
  'MAILSLOT_DOMAIN',
  // Where a relative path in the configuration, or of credentials, may begin.
  'HOME',
  'TZ',
  // Without these no program of Windows has sockets, or a folder for what is temporary.
  'SystemRoot',
  'SystemDrive',
  'windir',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
];

function chosenFrom(env: Environment): Environment {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}
