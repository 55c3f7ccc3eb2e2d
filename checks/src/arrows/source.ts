import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { inRepo } from '../support/repo.js';

/** A node of the syntax tree (ESTree, with TypeScript's own nodes). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Source {
  /** From the root of the checkout, with forward slashes: `packages/mailslot/src/name/slot-name.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: Node;
  readonly imports: readonly Import[];
}

interface Import {
  /** As written; undefined where it is computed and nobody can tell. */
  readonly specifier: string | undefined;
  /** The file meant, as a path like that of a source; undefined for packages and Node's modules. */
  readonly target: string | undefined;
}

/** All TypeScript sources of a workspace, tests included. */
export function readSources(workspace: string): Source[] {
  const folder = `${workspace}/src`;
  const paths = readdirSync(inRepo(folder), { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .map((path) => parseSource(path, readFileSync(inRepo(path), 'utf8')));
}

export function parseSource(path: string, text: string): Source {
  const tree = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Node;
  const imports = Array.from(nodesOf(tree)).flatMap(({ node }) => importOf(node, path));
  return { path, text, tree, imports };
}

export function isTest(source: Source): boolean {
  return /\.test\.(support\.)?ts$/.test(source.path);
}

/** `file.ts:12`, for a message. */
export function place(source: Source, node: Node): string {
  return `${source.path}:${source.text.slice(0, node.start).split('\n').length}`;
}

/** The node and all below it, each with the one above. */
export function* nodesOf(node: Node, parent?: Node): Generator<{ node: Node; parent: Node | undefined }> {
  yield { node, parent };
  for (const child of Object.values(node).flat()) {
    if (isNode(child)) yield* nodesOf(child, node);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Every form of import and of re-export, static, dynamic or of a type, has the module's name as its `source`. */
function importOf(node: Node, path: string): Import[] {
  const from = node['source'];
  if (!isNode(from)) return [];
  const specifier = typeof from['value'] === 'string' ? from['value'] : undefined;
  const isRelative = specifier?.startsWith('.');
  const target = isRelative ? posix.join(posix.dirname(path), specifier!).replace(/\.js$/, '.ts') : undefined;
  return [{ specifier, target }];
}
