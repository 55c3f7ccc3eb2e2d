import { nodesOf, place, type Source } from './source.js';

export const FILE_LINES_MAX = 500;
export const FUNCTION_LINES_MAX = 70;

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .map(({ path, text }) => ({ path, lines: linesOf(text.trimEnd()) }))
    .filter(({ lines }) => lines > FILE_LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

export function longFunctions(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    Array.from(nodesOf(source.tree))
      .filter(({ node }) => functions.includes(node.type))
      .map(({ node }) => ({ node, lines: linesOf(source.text.slice(node.start, node.end)) }))
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ node, lines }) => `${place(source, node)}: a function of ${lines} lines`),
  );
}

/** The public door is a list that a reviewer can read. */
export function wildcardExports(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path === 'packages/mailslot/src/index.ts')
    .flatMap((source) =>
      Array.from(nodesOf(source.tree))
        .filter(({ node }) => node.type === 'ExportAllDeclaration')
        .map(({ node }) => `${place(source, node)}: export *`),
    );
}

function linesOf(text: string): number {
  return text.split('\n').length;
}
