import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMailslot } from 'mailslot';
import { completionScript } from './completion.js';
import { createProgram } from './program.js';
import { needs } from './testing/programs.js';
import { bin, type Scene, scene } from './testing/scene.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** What each shell must offer for a command line, as the last word is typed. */
const expected: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['mailslot wr', ['write']],
  ['mailslot li', ['list', 'listen']],
  ['mailslot write app/', ['app/events', 'app/other']],
  ['mailslot info app/e', ['app/events']],
  ['mailslot write --wait 5s app/o', ['app/other']],
  ['mailslot listen x --when-full dr', ['drop-newest', 'drop-oldest']],
  ['mailslot listen x --access ', ['everyone', 'group', 'owner']],
  ['mailslot listen x --remote ', ['anyone', 'domain', 'none']],
  ['mailslot completion f', ['fish']],
  ['mailslot help inf', ['info']],
  ['mailslot write --ti', ['--timeout']],
  ['mailslot list --wa', ['--watch']],
  ['mailslot listen x --scope ', ['host', 'lan', 'site']],
  ['mailslot write --scope l', ['lan']],
  ['mailslot key in', ['install']],
  ['mailslot nats ', ['off', 'permissions', 'use']],
  ['mailslot nats use --pass', ['--password-file']],
  ['mailslot policy ', ['check', 'explain']],
  ['mailslot key new --con', ['--config']],
  ['mailslot serve --ipv', ['--ipv4', '--ipv6']],
  ['mailslot serve --n', ['--nats', '--no-lan']],
  ['mailslot write app/events he', []],
  ['mailslot send --level ', ['alert', 'info', 'warning']],
  ['mailslot send --wait', ['--wait-read']],
  ['mailslot inbox ', ['quiet', 'read']],
  ['mailslot names ', ['add', 'remove']],
  ['mailslot net ', ['name', 'send']],
  ['mailslot serve --p', ['--page', '--popups', '--port']],
];

for (const shell of shells) {
  test(`${shell} loads what the program prints`, needs(shell), async (t) => {
    const { run, root, other } = scene(t);
    const { code, stdout } = await run('completion', shell);
    assert.equal(code, 0);
    assert.equal(stdout, completionScript(createProgram(), shell));
    const script = join(root, 'script');
    writeFileSync(script, stdout);
    const parsed = await other(shell, '-n', script).ended;
    assert.deepEqual({ code: parsed.code, stderr: parsed.stderr }, { code: 0, stderr: '' });
  });
}

test('bash completes commands, options, choices and slots', needs('bash'), async (t) => {
  const stage = await withSlots(t);
  for (const [line, offered] of expected) {
    assert.deepEqual(await completeInBash(stage, line), offered, line);
  }
});

test('fish completes commands, options, choices and slots', needs('fish'), async (t) => {
  const stage = await withSlots(t);
  for (const [line, offered] of expected) {
    const { stdout } = await stage.other(
      'fish',
      '--no-config',
      '-c',
      `mailslot completion fish | source; complete -C ${quoted(line)}`,
    ).ended;
    assert.deepEqual(firstWords(stdout), offered, line);
  }
});

test('zsh completes commands, options, choices and slots', needs('zsh'), async (t) => {
  const stage = await withSlots(t);
  for (const [line, offered] of expected) assert.deepEqual(await completeInZsh(stage, line), offered, line);
});

test('the name of a slot is never run, in any shell', needs('bash'), async (t) => {
  const stage = scene(t);
  const slot = await createMailslot('evil$(touch pwned)`touch pwned`;touch pwned', { root: stage.root });
  t.after(() => slot.close());
  addToPath(stage);
  const [offered] = await completeInBash(stage, 'mailslot write ev');
  // What is put on the command line means the very name when the shell reads it.
  const { stdout } = await stage.other('bash', '-c', `cd ${quoted(stage.root)}; printf %s ${offered}; ls`)
    .ended;
  assert.ok(stdout.startsWith('evil$(touch pwned)`touch pwned`;touch pwned'));
  assert.ok(!stdout.includes('\npwned'));
});

test('--root on the command line says where slots are looked for', needs('bash'), async (t) => {
  const { root } = await withSlots(t);
  const stage = scene(t);
  addToPath(stage);
  assert.deepEqual(await completeInBash(stage, `mailslot --root ${root} info app/e`), ['app/events']);
  assert.deepEqual(await completeInBash(stage, 'mailslot info app/e'), []);
});

async function withSlots(t: TestContext): Promise<Scene> {
  const stage = scene(t);
  for (const name of ['app/events', 'app/other']) {
    const slot = await createMailslot(name, { root: stage.root });
    t.after(() => slot.close());
  }
  addToPath(stage);
  return stage;
}

/** Shells find the program by its name. */
function addToPath({ env, root }: Scene): void {
  const program = join(root, 'mailslot');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, { mode: 0o755 });
  env['PATH'] = root + delimiter + env['PATH'];
}

async function completeInBash(stage: Scene, line: string): Promise<string[]> {
  const words = line.split(' ');
  const { stdout, stderr } = await stage.other(
    'bash',
    '--norc',
    '-c',
    `source <(mailslot completion bash)
     COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}
     _mailslot
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  ).ended;
  assert.equal(stderr, '');
  return firstWords(stdout, '\n');
}

/** Types the line and a Tab into a zsh on a terminal of its own, and takes what completion offered. */
async function completeInZsh(stage: Scene, line: string): Promise<string[]> {
  const offers = join(stage.root, 'offers');
  writeFileSync(
    join(stage.root, '.zshrc'),
    `PS1=
     autoload -Uz compinit && compinit -u -D
     source <(mailslot completion zsh)
     compadd() {
       local -a matches
       builtin compadd -O matches "$@"
       (( $#matches )) && print -rl -- $matches >> ${quoted(offers)}
       builtin compadd "$@"
     }
     zle-line-init() { print -r -- READY }
     zle -N zle-line-init
     leave() { print -r -- DONE }
     zle -N leave
     bindkey '^X' leave`,
  );
  writeFileSync(offers, '');
  await stage.other(
    'zsh',
    '-f',
    '-c',
    `zmodload zsh/zpty
     zpty shell "ZDOTDIR=${stage.root} zsh -i -d"
     zpty -r shell output '*READY*'
     zpty -w -n shell ${quoted(line)}$'\\t\\x18'
     zpty -r shell output '*DONE*'
     zpty -d shell`,
  ).ended;
  return [...new Set(firstWords(readFileSync(offers, 'utf8')))];
}

function firstWords(output: string, separator = '\t'): string[] {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(separator)[0] as string).sort();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
