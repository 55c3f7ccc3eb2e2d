import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { MailslotError } from '../errors.js';
import { CONFIG_RETRIES, CONFIG_RETRY_MS } from '../limits.js';
import { absolute } from '../msfs/absolute.js';
import { makeFolders } from '../msfs/make-folders.js';
import { userId } from '../msfs/namespace/user.js';
import { systemCode } from '../msfs/system-error.js';
import { type ConfigFile, formatConfig, NO_CONFIG, parseConfig } from './config-schema.js';
import { homeFolder } from './home.js';
import { type Demands, failed, readTrusted, unusable } from './trusted-file.js';

/** Variables by their names, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// It holds keys: whoever reads them is a member of the domain.
const DEMANDS: Demands = { what: 'the configuration', forbidden: 0o077, mode: '600' };

/**
 * Where the configuration is: what was asked for, else `MAILSLOT_CONFIG`, else `/etc/mailslot/config.json` for root and
 * `~/.config/mailslot/config.json` for others (Windows: `%APPDATA%\mailslot\config.json`).
 */
export function configPath(env: Environment, asked?: string): string {
  const path = asked ?? env['MAILSLOT_CONFIG'];
  if (path) return absolute(path, (reason, { remedy }) => unusable(DEMANDS.what, path, reason, remedy));
  if (userId() === 0) return '/etc/mailslot/config.json';
  const folder =
    process.platform === 'win32' && env['APPDATA']
      ? env['APPDATA']
      : join(homeFolder(env, 'MAILSLOT_CONFIG to the path of a configuration file'), '.config');
  return join(folder, 'mailslot', 'config.json');
}

/** What the file says; without a file {@link NO_CONFIG}. */
export function readConfigFile(path: string): ConfigFile {
  const text = readTrusted(path, DEMANDS);
  return text === undefined ? NO_CONFIG : parseConfig(text, path);
}

/**
 * Puts what `change` makes of the configuration in its place: whole, or not at all, whenever this process ends. Of two
 * changes at once the second waits a moment, and is refused when that was not enough. The file and folders that are made are for this user alone.
 */
export function changeConfigFile(path: string, change: (file: ConfigFile) => ConfigFile): void {
  const target = behindLinks(path);
  const draft = `${target}.new`;
  const descriptor = openDraft(draft, path);
  try {
    try {
      const text = formatConfig(change(readConfigFile(target)));
      // Whatever the umask took away, and on the disk before it takes the place of the old one.
      fchmodSync(descriptor, 0o600);
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error instanceof MailslotError ? error : failed(DEMANDS.what, path, 'be written', error);
  }
}

/** The draft is the lock as well: it is made exclusively, before the file is read. Waits a moment for somebody else's. */
function openDraft(draft: string, path: string): number {
  for (let again = 0; again <= CONFIG_RETRIES; again += 1) {
    const descriptor = newDraft(draft, path);
    if (descriptor !== undefined) return descriptor;
    // A change takes some milliseconds and is made in one go, so it is waited for in one go as well.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CONFIG_RETRY_MS);
  }
  throw unusable(
    DEMANDS.what,
    path,
    `somebody else is changing it, or was killed meanwhile`,
    `try again, and then remove ${draft}`,
  );
}

/** `undefined`: there is one already. */
function newDraft(draft: string, path: string): number | undefined {
  try {
    makeFolders(dirname(draft), 0o700);
  } catch (error) {
    throw failed(DEMANDS.what, path, 'be written', error);
  }
  try {
    return openSync(draft, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw failed(DEMANDS.what, path, 'be written', error);
  }
}

/** A link stays a link: what it leads to is replaced. */
function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
