import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { complaintsOf } from '../support/tsc.js';
import { clocksAndDice } from './clocks.js';
import {
  againstTheArrows,
  againstTheArrowsOfTheCli,
  cycles,
  foreignImports,
  impureImports,
  privateImports,
} from './imports.js';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, longFiles, longFunctions, wildcardExports } from './shape.js';
import { parseSource, readSources, type Source } from './source.js';
import { ownOutput, quotesOfSomeShells } from './texts.js';
import { privateWords, wordsThatAreGone } from './words.js';

const sources = ['packages/mailslot', 'packages/nats', 'packages/web', 'packages/cli', 'checks'].flatMap(
  readSources,
);

interface Rule {
  readonly says: string;
  readonly violations: (sources: readonly Source[]) => string[];
  /** Violations that the rule must find, one a file: its canaries. */
  readonly planted: Readonly<Record<string, string>>;
  /** What looks similar and is right. */
  readonly harmless?: Readonly<Record<string, string>>;
}

const rules: readonly Rule[] = [
  {
    says: 'the rooms of the library import only downwards',
    violations: againstTheArrows,
    planted: {
      'packages/mailslot/src/name/a.ts': `import { x } from '../msfs/x.js';`,
      'packages/mailslot/src/errors.ts': `import type { X } from './limits.js';`,
      'packages/mailslot/src/bytes/a.ts': `export { x } from '../name/x.js';`,
      'packages/mailslot/src/lan/a.ts': `const x = await import('../netbios/x.js');`,
      'packages/mailslot/src/msfs/deep/a.ts': `import { x } from '../../index.js';`,
      'packages/mailslot/src/msfs/b.ts': `import { x } from '../api/x.js';`,
      'packages/mailslot/src/redirector/a.ts': `import type { X } from '../msfs/x.js';`,
      'packages/mailslot/src/redirector/b.ts': `import { x } from '../lan/x.js';`,
      'packages/mailslot/src/config/a.ts': `import { x } from '../daemon-client/x.js';`,
      'packages/mailslot/src/daemon-client/a.ts': `import { x } from '../daemon/x.js';`,
      'packages/mailslot/src/discovery/a.ts': `import { x } from '../daemon-client/x.js';`,
      'packages/mailslot/src/api/a.ts': `import { x } from '../daemon/x.js';`,
      'packages/mailslot/src/daemon/a.ts': `import { x } from '../api/x.js';`,
      'packages/mailslot/src/packet/a.ts': `import { x } from '../lan/x.js';`,
      'packages/mailslot/src/ports/a.ts': `import { x } from '../name/x.js';`,
      'packages/mailslot/src/cellar/a.ts': `export const room = 'not on the map';`,
    },
    harmless: {
      'packages/mailslot/src/index.ts': `export { x } from './msfs/x.js';`,
      'packages/mailslot/src/msfs/deep/a.ts': `import { x } from '../b.js'; import { y } from '../../name/y.js';`,
      'packages/mailslot/src/name/a.test.ts': `import { x } from '../index.js';`,
    },
  },
  {
    says: 'the rooms of the CLI import only downwards',
    violations: againstTheArrowsOfTheCli,
    planted: {
      'packages/cli/src/terminal/a.ts': `import { x } from '../program/x.js';`,
      'packages/cli/src/commands/slots/a.ts': `import { x } from '../../program/x.js';`,
      'packages/cli/src/page/a.ts': `import { x } from '../commands/people/x.js';`,
      'packages/cli/src/doctor/a.ts': `import type { X } from '../commands/serve/x.js';`,
      'packages/cli/src/messenger/a.ts': `import { x } from '../page/x.js';`,
      'packages/cli/src/attic/a.ts': `export const room = 'not on the map';`,
    },
    harmless: {
      'packages/cli/src/program/a.ts': `import { x } from '../commands/slots/x.js';`,
      'packages/cli/src/commands/slots/a.ts': `import { x } from '../../terminal/x.js'; import '../people/y.js';`,
      'packages/cli/src/terminal/a.test.ts': `import { x } from '../program/x.js';`,
    },
  },
  {
    says: 'no file imports itself through others',
    violations: cycles,
    planted: {
      'packages/mailslot/src/msfs/a.ts': `import { b } from './b.js';`,
      'packages/mailslot/src/msfs/b.ts': `import type { C } from './deep/c.js';`,
      'packages/mailslot/src/msfs/deep/c.ts': `export * from '../a.js';`,
      'packages/web/src/a.ts': `import { B } from './b.js';`,
      'packages/web/src/b.tsx': `import { a } from './a.js'; export const B = () => <p>{a}</p>;`,
    },
    harmless: {
      'packages/mailslot/src/msfs/a.ts': `import './b.js'; import './c.js';`,
      'packages/mailslot/src/msfs/b.ts': `import './c.js';`,
      'packages/mailslot/src/msfs/c.ts': '',
    },
  },
  {
    says: 'the library imports no package',
    violations: foreignImports,
    planted: {
      'packages/mailslot/src/msfs/a.ts': `import ws from 'ws';`,
      'packages/mailslot/src/msfs/b.ts': `await import(process.argv[2]);`,
      'packages/mailslot/src/msfs/c.ts': `type X = import('ws').X;`,
    },
    harmless: { 'packages/mailslot/src/msfs/a.test.ts': `import fc from 'fast-check'; import 'node:fs';` },
  },
  {
    says: 'the pure rooms do not import from Node',
    violations: impureImports,
    planted: { 'packages/mailslot/src/name/a.ts': `import { Buffer } from 'node:buffer';` },
  },
  {
    says: 'the CLI enters the library by the public door',
    violations: privateImports,
    planted: {
      'packages/cli/src/a.ts': `import { x } from 'mailslot/dist/msfs/x.js';`,
      'packages/cli/src/deep/b.ts': `import { x } from '../../../mailslot/src/index.js';`,
    },
    harmless: { 'packages/cli/src/a.ts': `import { x } from 'mailslot'; import '../package.json';` },
  },
  {
    says: 'time and chance come in through the ports',
    violations: clocksAndDice,
    planted: {
      'packages/mailslot/src/msfs/a.ts': 'const a = Date.now();',
      'packages/mailslot/src/msfs/b.ts': 'const b = { setTimeout };',
      'packages/mailslot/src/msfs/c.ts': 'globalThis.setImmediate(go);',
      'packages/mailslot/src/msfs/d.ts': `import { randomBytes as innocent } from 'node:crypto';`,
      'packages/mailslot/src/msfs/e.ts': 'const e = new Date();',
      'packages/mailslot/src/msfs/f.ts': 'const f = AbortSignal.timeout(5);',
      'packages/mailslot/src/msfs/g.ts': `import { setTimeout as sleep } from 'node:timers/promises';`,
      'packages/mailslot/src/msfs/h.ts': 'const h = process.hrtime.bigint();',
      'packages/mailslot/src/msfs/i.ts': 'const i = Math.random() + performance.now();',
      'packages/mailslot/src/msfs/j.ts': `import crypto from 'node:crypto'; crypto.randomUUID();`,
    },
    harmless: {
      'packages/mailslot/src/ports/clock.ts': 'const now = Date.now();',
      'packages/mailslot/src/msfs/a.test.ts': 'setTimeout(go, 1);',
      'packages/mailslot/src/msfs/a.ts': `
        // setTimeout and Date.now() in words
        import { createHash } from 'node:crypto';
        interface Clock { setTimeout(ms: number): void }
        const clock = { setTimeout() {} };
        clock.setTimeout(5); queueMicrotask(go); process.nextTick(go); new Date(5);`,
    },
  },
  {
    says: 'what the CLI says goes out by one door',
    violations: ownOutput,
    planted: {
      'packages/cli/src/a.ts': `process.stdout.write('a');`,
      'packages/cli/src/b.ts': `process.stderr.write('b');`,
      'packages/cli/src/c.ts': `console.log('c');`,
    },
    harmless: {
      'packages/cli/src/terminal/output.ts': `process.stdout.write('a');`,
      'packages/cli/src/a.ts': `const a = process.stdout.isTTY; screen.write('a');`,
      'packages/cli/src/a.test.ts': `process.stdout.write('a');`,
    },
  },
  {
    says: 'texts for people quote what they type as every shell understands it',
    violations: quotesOfSomeShells,
    planted: {
      'packages/cli/src/a.ts': `const a = "mailslot send '*' hello";`,
      'packages/mailslot/src/api/a.ts': "const a = `write '//*/mailslot/x' instead`;",
    },
    harmless: {
      'packages/cli/src/a.ts': `const a = 'mailslot send "*" hello'; const b = '*'; const c = "case '*'";`,
      'packages/cli/src/a.test.ts': `const a = "mailslot send '*' hello";`,
    },
  },
  {
    says: 'names are words of the field',
    violations: privateWords,
    planted: {
      'checks/src/a.ts': 'export class House {}',
      'checks/src/b.ts': 'interface DoorParts {}',
      'checks/src/c.ts': 'type BrowserEvent = string;',
      'checks/src/d.ts': 'function handOn() {}',
      'packages/nats/src/knock.ts': '',
      'packages/nats/src/pause/e.ts': '',
    },
    harmless: {
      'checks/src/a.ts': 'const house = 1; // The house.',
      'checks/src/browser.ts': 'class Doorstep {} function takeaway() {}',
    },
  },
  {
    says: `a file has at most ${FILE_LINES_MAX} lines`,
    violations: longFiles,
    planted: { 'checks/src/a.ts': '//\n'.repeat(FILE_LINES_MAX + 1) },
    harmless: { 'checks/src/a.ts': '//\n'.repeat(FILE_LINES_MAX) },
  },
  {
    says: `a function has at most ${FUNCTION_LINES_MAX} lines`,
    violations: longFunctions,
    planted: {
      'checks/src/a.ts': `export function f() {${'\n'.repeat(FUNCTION_LINES_MAX)}}`,
      'checks/src/b.ts': `export const f = () => {${'\n'.repeat(FUNCTION_LINES_MAX)}};`,
      'checks/src/c.ts': `class C { f() {${'\n'.repeat(FUNCTION_LINES_MAX)}} }`,
    },
    harmless: { 'checks/src/a.ts': `export function f() {${'\n'.repeat(FUNCTION_LINES_MAX - 1)}}` },
  },
  {
    says: 'the public door is an explicit list',
    violations: wildcardExports,
    planted: { 'packages/mailslot/src/index.ts': `export * from './errors.js';` },
    harmless: { 'packages/mailslot/src/index.ts': `export { MailslotError } from './errors.js';` },
  },
];

for (const { says, violations, planted, harmless = {} } of rules) {
  test(says, () => {
    assert.deepEqual(violations(sources), []);
  });

  test(`${says}: what breaks it is found, what looks similar is not`, () => {
    const found = violations(parseAll(planted)).join('\n');
    for (const path of Object.keys(planted))
      assert.ok(found.includes(path), `${path} was not found in: ${found}`);
    assert.deepEqual(violations(parseAll(harmless)), []);
  });
}

test('the words that are gone are read from their page', () => {
  assert.deepEqual(
    wordsThatAreGone('| Kept | x |\n## Words that are gone\n\n| was | is |\n|---|---|\n| HandOn | Relay |'),
    ['hand-on'],
  );
});

test('all sources are looked at', () => {
  const paths = sources.map(({ path }) => path);
  for (const door of [
    'packages/mailslot/src/index.ts',
    'packages/cli/src/program/main.ts',
    'packages/web/src/main.tsx',
    'checks/src/arrows/imports.ts',
  ]) {
    assert.ok(paths.includes(door), `${door} was not read`);
  }
});

test('the pure rooms compile without Node and without a browser', (t) => {
  const project = inRepo('packages/mailslot/tsconfig.pure.json');
  assert.deepEqual(complaintsOf(project), []);

  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'planted.ts': 'export const a: unknown = Buffer; export const b: unknown = TextEncoder;',
    'tsconfig.json': { extends: project, include: ['planted.ts'] },
  });
  const complaints = complaintsOf(join(folder, 'tsconfig.json')).join('\n');
  assert.match(complaints, /Cannot find name 'Buffer'/);
  assert.match(complaints, /Cannot find name 'TextEncoder'/);
});

function parseAll(files: Readonly<Record<string, string>>): Source[] {
  return Object.entries(files).map(([path, text]) => parseSource(path, text));
}
