import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** A file of the page. */
interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The page, by the paths it is asked for by. All of it is read now, 100 KB: then no path that anybody sends ever reaches
 * the file system.
 */
export function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(
      `the page is not built: there is no ${join(folder, 'index.html')}; npm run build makes it`,
    );
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const path = `/${name.split(sep).join('/')}`;
    files.set(path, { body: readFileSync(join(folder, name)), headers: headersOf(path, type) });
  }
  files.set('/', files.get('/index.html')!);
  return files;
}

/** What is in `assets` has a hash of its content in its name. */
function headersOf(path: string, type: string): Readonly<Record<string, string>> {
  const isForEver = path.startsWith('/assets/');
  return { 'content-type': type, 'cache-control': isForEver ? 'max-age=31536000, immutable' : 'no-store' };
}
