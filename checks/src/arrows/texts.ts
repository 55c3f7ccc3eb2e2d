import { isTest, nodesOf, place, type Source } from './source.js';

const cli = 'packages/cli/src/';

/** The one file that knows what to do about readers that go, are slow, or have a full disk. */
const output = `${cli}terminal/output.ts`;

/** What the CLI says goes out by one door. */
export function ownOutput(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => source.path.startsWith(cli) && source.path !== output && !isTest(source))
    .filter(({ path }) => !path.startsWith(`${cli}testing/`))
    .flatMap((source) =>
      Array.from(nodesOf(source.tree)).flatMap(({ node }) => {
        const text = node.type === 'MemberExpression' ? source.text.slice(node.start, node.end) : '';
        return /^(process\.(stdout|stderr)\.write|console\.\w+)$/.test(text)
          ? [`${place(source, node)}: ${text} outside terminal/output.ts`]
          : [];
      }),
    );
}

/** cmd.exe hands single quotes on: `'*'` reaches nobody there. `case '*'` is in a script for another shell. */
const FOR_SOME_SHELLS = /(?<!case )'(\*|\/\/\*[^']*)'/;

/** Texts for people quote what they type as every shell understands it. */
export function quotesOfSomeShells(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => /^packages\/(mailslot|nats|cli)\/src\//.test(source.path) && !isTest(source))
    .flatMap((source) =>
      Array.from(nodesOf(source.tree)).flatMap(({ node }) => {
        const text =
          node.type === 'Literal' ? node['value'] : node.type === 'TemplateElement' ? raw(node) : '';
        return typeof text === 'string' && FOR_SOME_SHELLS.test(text)
          ? [`${place(source, node)}: ${text} is not for cmd.exe: use double quotes`]
          : [];
      }),
    );
}

function raw(node: { readonly [field: string]: unknown }): string {
  return (node['value'] as { readonly raw: string }).raw;
}
