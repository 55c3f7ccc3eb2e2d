import { readFileSync } from 'node:fs';
import { inRepo } from '../support/repo.js';
import { type Node, nodesOf, place, type Source } from './source.js';

const DECLARATIONS = [
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'FunctionDeclaration',
];

/** In lower case, as `control-socket` has them: from the table of docs/internals/words.md. */
const gone = wordsThatAreGone(readFileSync(inRepo('docs/internals/words.md'), 'utf8'));

/** The left column of the page's last table. */
export function wordsThatAreGone(page: string): readonly string[] {
  const [, table = ''] = page.split('## Words that are gone');
  return Array.from(table.matchAll(/^\| (\w+) \|/gm), ([, word]) => kebab(word as string)).filter(
    (word) => word !== 'was',
  );
}

/** Types, functions, files and folders that bear a word which only this project understood. */
export function privateWords(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [
    ...source.path
      .replace(/\.\w+$/, '')
      .split('/')
      .filter(isGone)
      .map(() => `${source.path}: the name of a file or folder`),
    ...Array.from(nodesOf(source.tree)).flatMap(({ node }) => {
      const name = declared(node);
      return name !== undefined && isGone(kebab(name)) ? [`${place(source, node)}: ${name}`] : [];
    }),
  ]);
}

function declared(node: Node): string | undefined {
  if (!DECLARATIONS.includes(node.type)) return undefined;
  return (node['id'] as { readonly name: string } | null)?.name;
}

/** Whether one of them is in it, with one of its ends at each end of a word. */
function isGone(name: string): boolean {
  return gone.some((word) => `-${name}-`.includes(`-${word}-`));
}

function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}
