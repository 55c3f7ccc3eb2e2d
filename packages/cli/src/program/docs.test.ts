import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../testing/programs.js';
import { bin, scene } from '../testing/scene.js';
import { createProgram } from './program.js';

const folder = new URL('../../../../docs/cli/', import.meta.url);
const program = createProgram();
const pages = program.commands.map((command) => ({
  command,
  name: `${command.name()}.md`,
  text: readFileSync(new URL(`${command.name()}.md`, folder), 'utf8'),
}));

test('each command has a page, and no page is without its command', () => {
  assert.deepEqual(readdirSync(folder).sort(), pages.map(({ name }) => name).sort());
});

test('each page tells of every option, and of none that is not there', () => {
  for (const { command, name, text } of pages) {
    const options = [command, ...command.commands].flatMap((each) => each.options.map(({ long }) => long));
    for (const option of options) assert.ok(text.includes(`\`${option}`), `${name} lacks ${option}`);
    for (const [, option] of text.matchAll(/^\| `(--[a-z0-9-]+)/gm)) {
      assert.ok(options.includes(option as string) || option === '--root', `${name}: there is no ${option}`);
    }
  }
});

for (const { name, text } of pages) {
  const examples = [...text.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)];
  test(`the examples of ${name} do what the page says`, needs('bash'), async (t) => {
    assert.ok(examples.length > 0);
    for (const [, script = '', output = ''] of examples) {
      const { env, root, other } = scene(t);
      writeFileSync(join(root, 'mailslot'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, {
        mode: 0o755,
      });
      const cwd = join(root, 'somewhere');
      mkdirSync(join(cwd, 'docs'), { recursive: true });
      env['PATH'] = root + delimiter + env['PATH'];
      const { code, stdout, stderr } = await other('bash', '-euo', 'pipefail', '-c', `cd '${cwd}'\n${script}`)
        .ended;
      assert.equal(code, 0, stderr);
      assert.equal(stdout, output);
    }
  });
}
