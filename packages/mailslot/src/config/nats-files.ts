import { resolve } from 'node:path';
import type { NatsSettings } from './nats-settings.js';
import { readTrusted, unusable } from './trusted-file.js';

/** Fields that are paths: what is in the file, and what its mode must not allow others. */
const FILES = [
  { field: 'nkey', what: 'the NATS nkey', isSecret: true },
  { field: 'credentials', what: 'the NATS credentials file', isSecret: true },
  { field: 'key', what: 'the private key for NATS', isSecret: true },
  { field: 'cert', what: 'the certificate for NATS', isSecret: false },
  { field: 'ca', what: 'the file of authorities for NATS', isSecret: false },
] as const;

/** The same with absolute paths; those that are not begin in `folder`. */
export function withPathsIn(folder: string, settings: NatsSettings): NatsSettings {
  return eachFile(settings, (file) => resolve(folder, file));
}

/**
 * The same with the contents of the files in place of their paths.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`: a file is not there, or others could read or have written it
 */
export function withContents(settings: NatsSettings): NatsSettings {
  return eachFile(settings, (file, what, isSecret) => {
    const demands = isSecret ? { forbidden: 0o077, mode: '600' } : { forbidden: 0o022, mode: 'go-w' };
    const text = readTrusted(file, { what, ...demands });
    if (text === undefined) {
      throw unusable(what, file, 'it is not there', 'put it there, or change "nats" in the configuration');
    }
    return text;
  });
}

/** What such a file has in it, whoever made it. Whether it is right is for the server to say. */
const SIGNS = [
  {
    field: 'nkey',
    what: 'the NATS nkey',
    sign: /^\s*SU[A-Z2-7]{56}\s*$/,
    holds: 'one line that begins with SU',
  },
  {
    field: 'credentials',
    what: 'the NATS credentials file',
    sign: /BEGIN NATS USER JWT[\s\S]*BEGIN USER NKEY SEED/,
    holds: 'a block "NATS USER JWT" and a block "USER NKEY SEED"',
  },
] as const;

/** @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`: a file is there, and something else than what it is said to be */
export function checkContents(settings: NatsSettings): void {
  const contents = withContents(settings);
  for (const { field, what, sign, holds } of SIGNS) {
    const [file, text] = [settings[field], contents[field]];
    if (file === undefined || text === undefined || sign.test(text)) continue;
    throw unusable(what, file, `it is not such a file: that has ${holds}`);
  }
}

function eachFile(
  settings: NatsSettings,
  change: (file: string, what: string, isSecret: boolean) => string,
): NatsSettings {
  const changed = FILES.flatMap(({ field, what, isSecret }) => {
    const file = settings[field];
    return file === undefined ? [] : [[field, change(file, what, isSecret)] as const];
  });
  return { ...settings, ...Object.fromEntries(changed) };
}
