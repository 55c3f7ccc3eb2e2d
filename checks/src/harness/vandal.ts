import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Tries everything that could remove or replace a slot's folder and what is in it; what of it worked. */
export function vandalize(folder: string): string[] {
  const own = `${dirname(folder)}/own-${process.pid}`;
  const attempts: Readonly<Record<string, () => void>> = {
    'unlink its socket': () => unlinkSync(`${folder}/${readdirSync(folder)[0]}`),
    'add a file': () => writeFileSync(`${folder}/extra`, ''),
    'rename its socket': () => renameSync(`${folder}/${readdirSync(folder)[0]}`, `${folder}/other`),
    'remove it': () => rmdirSync(folder),
    'remove it with all in it': () => rmSync(folder, { recursive: true }),
    'rename it': () => renameSync(folder, own),
    'put a folder in its place': () => {
      mkdirSync(own);
      renameSync(own, folder);
    },
    'put a link in its place': () => {
      symlinkSync('/tmp', own);
      renameSync(own, folder);
    },
    'change its mode': () => chmodSync(folder, 0o777),
    'change its age': () => utimesSync(folder, 1, 1),
  };
  const done: string[] = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      attempt();
      done.push(name);
    } catch {
      // As it should be.
    }
    if (existsSync(own)) rmSync(own, { recursive: true, force: true });
  }
  return done;
}
