import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMailslot } from 'mailslot';
import { type KeyEntry, openKeyStore } from 'mailslot/domains';
import { addName, messengerFolder, type Note, sendNote, startMessenger } from 'mailslot/messenger';
import { needs } from '../testing/programs.js';
import { bin, type Scene, scene } from '../testing/scene.js';
import { completionScript } from './completion.js';
import { createProgram } from './program.js';

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
  ['mailslot send be', ['BERTA', 'BERTRAM']],
  ['mailslot send --level alert ber', ['BERTA', 'BERTRAM']],
  ['mailslot chat berta', ['BERTA']],
  ['mailslot net send bertr', ['BERTRAM']],
  ['mailslot net name bertr', []],
  ['mailslot names remove ni', ['NIGHT-SHIFT']],
  ['mailslot names add ni', []],
  ['mailslot serve --interface lo', ['lo']],
  ['mailslot key new OFFICE --interface lo', ['lo']],
  ['mailslot send --domain OFF', ['OFFICE']],
  ['mailslot key new OFF', []],
  ['mailslot inbox quiet ', []],
  ['mailslot policy explain ', []],
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

const complete = { bash: completeInBash, zsh: completeInZsh, fish: completeInFish };

for (const shell of shells) {
  test(`${shell} completes commands, options, choices, slots and people`, needs(shell), async (t) => {
    const stage = await withPeople(t);
    for (const [line, offered] of expected)
      assert.deepEqual(await complete[shell](stage, line), offered, line);
  });

  test(`${shell} completes the ids of keys and of messages`, needs(shell), async (t) => {
    const stage = await withPeople(t);
    const keys = stage.keys.map(({ id }) => id).sort();
    const ids = stage.messages.map(({ id }) => id).sort();
    for (const [line, offered] of [
      ...['use', 'remove', 'share'].map((word): [string, string[]] => [`mailslot key ${word} `, keys]),
      [`mailslot key use --config nowhere.json ${keys[0]}`, []],
      [`mailslot inbox read ${stage.unread}`, [stage.unread]],
      [`mailslot inbox read ${stage.unread} al`, ['all']],
      [`mailslot send anna --thread `, ids],
    ] as [string, string[]][])
      assert.deepEqual(await complete[shell](stage, line), offered, line);
  });
}

test('recipients are those who have a name here, too', async (t) => {
  const { run } = await withPeople(t);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { stdout } = await run('completion', 'bash', '--offer', 'recipients');
    if (stdout.split('\n').includes('WATCHMAN')) return;
    assert.ok(Date.now() < deadline, stdout);
  }
});

test('computers that a redirector knows are offered, none that does not answer is waited for, and none is started', async (t) => {
  const stage = scene(t);
  const ask = () => stage.run('completion', 'bash', '--offer', 'recipients');
  assert.deepEqual(await ask().then(({ code, stdout }) => ({ code, stdout })), { code: 0, stdout: '' });
  delete stage.env['MAILSLOT_AUTOSTART'];
  await stage.run('key', 'new', 'OFFICE', '--interface', 'lo');
  await ask();
  assert.equal((await stage.run('status')).code, 1);
  const serving = stage.start('serve', '--computer', 'NEIGHBOUR', '--loopback');
  await serving.printed('NEIGHBOUR');
  const deadline = Date.now() + 20_000;
  while (!(await ask()).stdout.split('\n').includes('NEIGHBOUR')) assert.ok(Date.now() < deadline);
  // It is there, and says nothing.
  serving.child.kill('SIGSTOP');
  const answer = await Promise.race([ask(), sleep(SILENT_MS, undefined, { ref: false })]);
  serving.child.kill('SIGCONT');
  assert.equal(answer?.code, 0);
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

interface Peopled extends Scene {
  readonly keys: readonly KeyEntry[];
  readonly messages: readonly Note[];
  /** The id of the one that nobody has confirmed. */
  readonly unread: string;
}

/** Two keys of a domain, an alias, and a history with two people. */
async function withPeople(t: TestContext): Promise<Peopled> {
  const stage = await withSlots(t);
  const { root, env, run } = stage;
  for (let times = 0; times < 2; times += 1) await run('key', 'new', 'OFFICE', '--interface', 'lo');
  const keys = openKeyStore(env['MAILSLOT_CONFIG']).list();
  assert.equal(keys.length, 2);
  const history = messengerFolder(env);
  const messenger = await startMessenger({ root, history, user: 'watchman', computer: 'here' });
  t.after(() => messenger.close());
  await addName('night-shift', { root, history, user: 'watchman', computer: 'here' });
  const ids: string[] = [];
  for (const from of ['BERTA', 'BERTRAM']) {
    const heard = new Promise<Note>((resolve) => messenger.onNote(resolve));
    await sendNote('watchman', 'good evening', { root, from });
    ids.push((await heard).id);
  }
  const [read = '', unread = ''] = ids;
  messenger.history.markRead(read);
  return { ...stage, keys, messages: messenger.history.notes(), unread };
}

/** Less than a call waits for a redirector that says nothing. */
const SILENT_MS = 8_000;

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

async function completeInFish(stage: Scene, line: string): Promise<string[]> {
  const script = `mailslot completion fish | source; complete -C ${quoted(line)}`;
  return firstWords((await stage.other('fish', '--no-config', '-c', script).ended).stdout);
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
