import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { needs } from '../testing/programs.js';
import { scene } from '../testing/scene.js';
import { manualPage } from './man.js';
import { createProgram } from './program.js';

const page = fileURLToPath(new URL('../mailslot.1', import.meta.url));

test('the page that is installed is the one that the program prints', async (t) => {
  const text = manualPage(createProgram());
  assert.equal(readFileSync(page, 'utf8'), text);
  assert.equal((await scene(t).run('man')).stdout, text);
});

test('it has every command and every option', () => {
  const plain = readFileSync(page, 'utf8').replaceAll('\\-', '-');
  for (const command of createProgram().commands) {
    assert.ok(plain.includes(`.SS ${command.name()} `), command.name());
    for (const { flags } of [command, ...command.commands].flatMap(({ options }) => options)) {
      assert.ok(plain.includes(`.B ${flags}\n`), flags);
    }
    for (const each of command.commands)
      assert.ok(plain.includes(`.B ${command.name()} ${each.name()}`), each.name());
  }
});

test('a line that begins with a dot is text, not a request', () => {
  const program = createProgram();
  program.command('dot').description('.so /etc/passwd \\*(x').usage("'quote");
  const text = manualPage(program);
  assert.ok(text.includes('\n\\&.so /etc/passwd \\e*(x\n'));
  assert.ok(text.includes("\n\\&'quote\n"));
});

test('mandoc has nothing to say against it', needs('mandoc'), async (t) => {
  const { code, stdout, stderr } = await scene(t).other('mandoc', '-T', 'lint', '-W', 'all', page).ended;
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' });
});

test('man shows it', needs('man'), async (t) => {
  const { code, stdout } = await scene(t).other('man', '-l', '-P', 'cat', page).ended;
  assert.equal(code, 0);
  assert.match(stdout, /mailslot write \[options\] <name> \[text\.\.\.\]/);
  assert.match(stdout, /\$MAILSLOT_NAME|MAILSLOT_NAME/);
});
