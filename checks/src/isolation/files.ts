import { readdirSync } from 'node:fs';
import { inRepo } from '../support/repo.js';

/** What speaks, or could, in a form short enough for every change: the examples, the snippets of the docs, domains. */
export const SHORT: readonly string[] = [
  'checks/dist/examples/examples.test.js',
  'packages/cli/dist/program/docs.test.js',
  'packages/cli/dist/commands/domains/key.test.js',
  'packages/cli/dist/commands/slots/write-remote.test.js',
  'packages/mailslot/dist/daemon/nats.test.js',
];

/** What asks a registry on purpose, or makes networks of its own. */
const EXEMPT = /^checks\/dist\/(isolation|packaging|runtimes)\//;

/** Every built test file, by its source, but those that are {@link EXEMPT}. */
export function allFiles(): string[] {
  return ['packages/mailslot', 'packages/nats', 'packages/cli', 'checks'].flatMap((workspace) =>
    readdirSync(inRepo(workspace, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => `${workspace}/dist/${path.replace(/ts$/, 'js')}`)
      .filter((path) => !EXEMPT.test(path))
      .sort(),
  );
}
