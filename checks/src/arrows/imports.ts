import type { Source } from './source.js';
import { isTest } from './source.js';

const library = 'packages/mailslot/src/';
const cli = 'packages/cli/';
const cliSource = 'packages/cli/src/';

type Arrows = Readonly<Record<string, readonly string[]>>;

const base = ['errors', 'limits', 'ports'];
const core = [...base, 'name', 'bytes'];

/** Which rooms of the library a room may enter. A room is a folder or a file directly in src/. */
const libraryRooms: Arrows = {
  errors: [],
  limits: [],
  ports: ['errors', 'limits'],
  name: ['errors', 'limits'],
  bytes: ['errors', 'limits'],
  msfs: core,
  transport: core,
  packet: [...core, 'transport'],
  lan: [...core, 'transport', 'packet'],
  netbios: [...core, 'transport'],
  redirector: [...core, 'transport'],
  config: [...core, 'msfs', 'transport', 'packet', 'redirector'],
  discovery: [...core, 'transport', 'redirector'],
  'daemon-client': [...core, 'msfs', 'config'],
  daemon: [
    ...core,
    'msfs',
    'transport',
    'packet',
    'lan',
    'redirector',
    'config',
    'discovery',
    'daemon-client',
  ],
  api: [...core, 'msfs', 'discovery', 'daemon-client'],
  messenger: [...core, 'msfs', 'config', 'daemon-client', 'daemon', 'api'],
  testing: [...core, 'transport'],
  domains: ['redirector', 'config', 'daemon'],
  transports: [...core, 'transport', 'packet'],
};

/** What commands share; a room may enter those before it. */
const shared = ['terminal', 'input', 'network', 'messenger', 'exec'];

/** The same for the CLI: only its frame knows the commands, and no family of commands another's beside what is listed. */
const cliRooms: Arrows = {
  terminal: [],
  input: ['terminal'],
  network: ['terminal'],
  messenger: ['terminal'],
  exec: ['terminal'],
  popups: shared,
  page: shared,
  chat: shared,
  doctor: shared,
  commands: [...shared, 'popups', 'page'],
  completion: ['terminal'],
  program: [...shared, 'completion', 'commands', 'chat', 'doctor'],
  testing: [...shared, 'page', 'popups'],
};

const pureRooms = ['name', 'bytes'];

/** What the library publishes beside its main door. */
const doors = ['mailslot/domains', 'mailslot/messenger', 'mailslot/testing', 'mailslot/transports'];

/** The rooms of the library import only downwards; the public door may import all of them, and none of them the door. */
export function againstTheArrows(sources: readonly Source[]): string[] {
  return uphill(sources, library, { ...libraryRooms, index: Object.keys(libraryRooms) });
}

/** So do the rooms of the CLI. */
export function againstTheArrowsOfTheCli(sources: readonly Source[]): string[] {
  return uphill(sources, cliSource, cliRooms);
}

function uphill(sources: readonly Source[], top: string, arrows: Arrows): string[] {
  return within(sources, top).flatMap((source) => {
    const room = roomOf(source.path, top);
    const allowed = arrows[room];
    if (allowed === undefined) return [`${source.path}: the room ${room} is not on the map`];
    return source.imports
      .filter(({ target }) => target?.startsWith(top))
      .map(({ target }) => roomOf(target!, top))
      .filter((other) => other !== room && !allowed.includes(other))
      .map((other) => `${source.path}: ${room} may not import ${other}`);
  });
}

/** The library stands on Node alone. */
export function foreignImports(sources: readonly Source[]): string[] {
  return complain(ofLibrary(sources), ({ specifier, target }) => {
    return target === undefined && !specifier?.startsWith('node:');
  });
}

/** Pure rooms know nothing of Node. */
export function impureImports(sources: readonly Source[]): string[] {
  const pure = ofLibrary(sources).filter(({ path }) => pureRooms.includes(roomOf(path, library)));
  return complain(pure, ({ target }) => target === undefined);
}

/** The CLI enters the library only by its public door. */
export function privateImports(sources: readonly Source[]): string[] {
  const ofCli = sources.filter(({ path }) => path.startsWith(cli));
  return complain(ofCli, ({ specifier, target }) => {
    if (target !== undefined) return !target.startsWith(cli);
    return specifier === undefined || (specifier.startsWith('mailslot/') && !doors.includes(specifier));
  });
}

/** Files that import each other, in a circle, even if only for their types. */
export function cycles(sources: readonly Source[]): string[] {
  // An import does not tell whether its file has markup in it, `.tsx`.
  const byPath = new Map(sources.map((source) => [source.path.replace(/x$/, ''), source]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      const circle = [...trail.slice(trail.indexOf(path)), path];
      found.push(circle.map((each) => byPath.get(each)!.path).join(' → '));
    }
    if (done.has(path)) return;
    done.add(path);
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== undefined) visit(target, [...trail, path]);
    }
  };
  for (const path of byPath.keys()) visit(path, []);
  return found;
}

function ofLibrary(sources: readonly Source[]): Source[] {
  return within(sources, library);
}

function within(sources: readonly Source[], top: string): Source[] {
  return sources.filter((source) => source.path.startsWith(top) && !isTest(source));
}

function roomOf(path: string, top: string): string {
  return path
    .slice(top.length)
    .split('/')[0]!
    .replace(/\.tsx?$/, '');
}

function complain(
  sources: readonly Source[],
  isWrong: (found: Source['imports'][number]) => boolean,
): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter(isWrong).map(({ specifier }) => `${path}: imports ${specifier ?? 'something computed'}`),
  );
}
