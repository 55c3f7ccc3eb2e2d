import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';
import { parsePage, readPages } from './markdown.js';
import { brokenExamples, brokenLinks, commandsIn, quotesOfSomeShells, unknownCommands } from './rules.js';

const pages = readPages();

test('the examples of the docs compile', () => {
  assert.deepEqual(brokenExamples(pages), []);
});

test('the links of the docs lead somewhere', () => {
  assert.deepEqual(brokenLinks(pages), []);
});

test('the commands in the docs exist', () => {
  assert.deepEqual(unknownCommands(pages, commandsOfCli()), []);
});

test('the commands in the docs are quoted as every shell understands it', () => {
  assert.deepEqual(quotesOfSomeShells(pages), []);
});

test('a command that is quoted for some shells only is found', () => {
  const text = "mailslot send '*' a\n\n`'*'`\n\n    mailslot policy explain 'A -> B'\n";
  assert.deepEqual(quotesOfSomeShells([parsePage('docs/cli/a.md', text)]), [
    "docs/cli/a.md: mailslot send '*'",
    "docs/cli/a.md: `'*'`",
    "docs/cli/a.md: mailslot policy explain 'A -> ",
  ]);
  const harmless = 'mailslot send "*" it is `*`';
  assert.deepEqual(quotesOfSomeShells([parsePage('docs/cli/a.md', harmless)]), []);
});

test('the pages are really looked into', () => {
  const readme = pages.find(({ path }) => path === 'README.md');
  assert.ok(readme?.fences.some(({ language }) => language === 'ts'));
  assert.ok(commandsOfCli().includes('listen'));
  assert.ok(pages.flatMap(commandsIn).includes('write'));
});

test('an example that does not compile is found, with its line', () => {
  const page = parsePage(
    'a.md',
    '# A\n\n```ts\nimport { nothing } from "mailslot";\n```\n\n```ts\nconst a = 1;\n```\n',
  );
  const complaints = brokenExamples([page]);
  assert.equal(complaints.length, 1);
  assert.match(complaints[0]!, /a\.md\.4\.ts\(4,10\): error TS2305/);
});

test('a link into nothing is found', () => {
  const text = '[a](no-such-file.md) [b](b.md#no-such-heading)\n[c]: no/such/folder\n';
  const harmless =
    '[a](b.md) [b](b.md#a-heading-of-b) [c](#here) `[d](x)` [e](https://example.org/x)\n# Here\n';
  const b = parsePage('docs/b.md', '## A heading of `B`\n\n```sh\n[x](not a link)\n```\n');
  assert.deepEqual(brokenLinks([parsePage('docs/a.md', text), b]), [
    'docs/a.md: no-such-file.md',
    'docs/a.md: b.md#no-such-heading',
    'docs/a.md: no/such/folder',
  ]);
  assert.deepEqual(brokenLinks([parsePage('docs/a.md', harmless), b]), []);
});

test('a command that the CLI does not have is found', () => {
  const text =
    'A mailslot is, `npx mailslot fly`, //./mailslot is\n\n```sh\nmailslot write x # mailslot is\n$ mailslot swim\n```\n';
  assert.deepEqual(unknownCommands([parsePage('a.md', text)], ['write']), [
    'a.md: mailslot fly',
    'a.md: mailslot swim',
  ]);
});

/** The first words of the lines below `Commands:`. */
function commandsOfCli(): string[] {
  const { stdout } = runNode([inRepo('packages/cli/bin/mailslot.cjs'), '--help']);
  const [, list = ''] = stdout.split(/^Commands:$/m);
  return Array.from(list.matchAll(/^ {2}([a-z]+)/gm), ([, command]) => command!);
}
