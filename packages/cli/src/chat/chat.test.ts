import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { intoDomain, serving } from '../testing/domain.js';
import { messengerThere } from '../testing/messenger.js';
import { needs } from '../testing/programs.js';
import { bin, type Scene, scene } from '../testing/scene.js';
import { type TmuxTerminal, tmuxTerminal } from '../testing/tmux.js';
import { until } from '../testing/until.js';

const linux = process.platform === 'linux' ? needs('tmux') : { skip: 'needs multicast on loopback' };

const PROMPT = 'everybody> ';

const ends =
  (text: string): ((line: string) => boolean) =>
  (line) =>
    line.endsWith(text);

const said =
  (text: string): ((lines: readonly string[]) => boolean) =>
  (lines) =>
    lines.some(ends(text));

test('two terminals talk; a message cannot do anything to the other one', linux, async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  await intoDomain('OFFICE', alpha, bravo);
  await serving(alpha, '--computer', 'ALPHA');
  await serving(bravo, '--computer', 'BRAVO');
  await seesBoth(alpha);
  await seesBoth(bravo);
  const left = await chatting(t, alpha);
  const right = await chatting(t, bravo);
  assert.ok(left.lines().includes('-- everybody in OFFICE; Ctrl-C ends it'));

  left.type('Grüße, 漢字 🎉!', 'Enter');
  await right.shows(said(': Grüße, 漢字 🎉!'));
  right.type('and back', 'Enter');
  await left.shows(said(': and back'));
  assert.match(right.lines().find(ends('🎉!')) ?? '', /^\d\d:\d\d:\d\d ALPHA\/\S+: /);

  const evil = '\x1b[2J\x1b[H\x1b]0;owned\x07\x9b31m\u202e\rANNA: pay\nBRAVO/BOSS: now\x1b[?1049h';
  assert.equal((await alpha.run('send', '*', '--', evil)).code, 0);
  await right.shows((lines) => lines.some((line) => line.includes('\\x1b[?1049h')));
  const lines = right.lines();
  assert.ok(lines.some(ends(': and back')), 'nothing was cleared');
  assert.ok(lines.some((line) => line.includes('\\x1b[2J\\x1b[H\\x1b]0;owned\\x07\\u009b31m\\u202e')));
  // What follows a line break is set in.
  assert.ok(!lines.some((line) => /^(ANNA|BRAVO\/BOSS)/.test(line)));
  assert.equal(lines.at(-1), PROMPT.trimEnd());
});

test('the line is edited, and stays the last while others talk', linux, async (t) => {
  const stage = scene(t);
  const terminal = await chatting(t, stage);
  terminal.type('ab漢字', 'Left', 'Left', 'BSpace');
  await terminal.shows((lines) => lines.at(-1) === `${PROMPT}a漢字`);
  assert.equal(terminal.cursor()[0], PROMPT.length + 1);
  assert.equal((await stage.run('send', '*', 'meanwhile')).code, 0);
  await terminal.shows(said(': meanwhile'));
  await terminal.shows((lines) => lines.at(-1) === `${PROMPT}a漢字`);
  terminal.type('', 'End', 'Enter');
  await terminal.shows((lines) => said(': a漢字')(lines) && lines.at(-1) === PROMPT.trimEnd());
  terminal.type('', 'Up');
  await terminal.shows((lines) => lines.at(-1) === `${PROMPT}a漢字`);
});

test(
  'a paste sends nothing by itself; a line longer than the terminal stays one; resizing loses nothing',
  linux,
  async (t) => {
    const terminal = await chatting(t, scene(t));
    terminal.paste('one\ntwo\x03\nthree');
    await terminal.shows((lines) => lines.at(-1) === `${PROMPT}one⏎two⏎three`);
    terminal.type('', 'Enter');
    await terminal.shows((lines) => lines.some((line) => line.trim() === 'three'));

    terminal.type('x'.repeat(150));
    await terminal.shows((lines) => lines.at(-1)?.endsWith('xxx') === true);
    const long = terminal.lines();
    assert.equal(long.filter((line) => line.includes('xxx')).length, 1);
    terminal.resize(40, 20);
    await terminal.shows((lines) => lines.filter((line) => line.includes('xxx')).length === 1);
    await terminal.shows((lines) => (lines.at(-1)?.length ?? 99) < 40 && said(': one')(lines));
    terminal.resize(100, 24);
    await terminal.shows((lines) => (lines.at(-1)?.length ?? 0) > 60 && said(': one')(lines));
    terminal.type('', 'C-u');
    await terminal.shows((lines) => lines.at(-1) === PROMPT.trimEnd());
  },
);

test('Ctrl-C and a signal leave the terminal clean', linux, async (t) => {
  const stage = scene(t);
  const terminal = await chatting(t, stage);
  terminal.type('never sent', 'C-c');
  await terminal.shows((lines) => lines.at(-1) === '$');
  await isClean(terminal);

  terminal.type('clear; mailslot chat', 'Enter');
  await terminal.shows((lines) => lines.at(-1) === PROMPT.trimEnd());
  terminal.type('', 'C-z');
  await terminal.shows((lines) => lines.at(-1) === '$');
  await isClean(terminal);
  terminal.type('fg', 'Enter');
  await terminal.shows((lines) => lines.at(-1) === PROMPT.trimEnd());
  terminal.type('', 'C-d');
  await terminal.shows((lines) => lines.at(-1) === '$');

  const pidFile = join(stage.root, 'pid');
  terminal.type(`clear; sh -c 'echo $$ > ${pidFile}; exec ${process.execPath} ${bin} chat'`, 'Enter');
  await terminal.shows((lines) => lines.at(-1) === PROMPT.trimEnd());
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  await terminal.shows((lines) => lines.at(-1) === '$');
  await isClean(terminal);
});

test(
  'an alert waits for Enter on an empty line; other messages are read when a key is pressed',
  linux,
  async (t) => {
    const stage = scene(t);
    const terminal = await chatting(t, stage);
    await stage.run('send', '*', 'news');
    await stage.run('send', '*', '--level', 'alert', 'fire');
    await terminal.shows(said(' [alert]: fire'));
    const unread = async (): Promise<string[]> =>
      (await stage.run('inbox', '--unread', '--json')).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).text);
    assert.deepEqual(await unread(), ['news', 'fire']);
    terminal.type('x', 'BSpace');
    await until(unread, (seen) => seen.length <= 1);
    assert.deepEqual(await unread(), ['fire']);
    terminal.type('', 'Enter');
    await until(unread, (seen) => seen.length === 0);
  },
);

test(
  'with one name: what is said with it, and nothing else; what cannot be sent is told',
  linux,
  async (t) => {
    const stage = scene(t);
    stage.env['MAILSLOT_COMPUTER'] = 'ALPHA';
    await messengerThere(stage);
    const terminal = tmuxTerminal(t, stage);
    terminal.type('mailslot chat bob', 'Enter');
    await terminal.shows((lines) => lines.at(-1) === 'BOB>');
    await stage.run('send', '*', 'for everybody');
    terminal.type('hello', 'Enter');
    await terminal.shows((lines) =>
      lines.some((line) => /^-- not sent: no messenger here has the name BOB/.test(line)),
    );
    assert.ok(!terminal.lines().some((line) => line.includes('for everybody')));
  },
);

async function chatting(t: Parameters<typeof scene>[0], stage: Scene): Promise<TmuxTerminal> {
  const terminal = tmuxTerminal(t, stage);
  terminal.type('mailslot chat', 'Enter');
  await terminal.shows((lines) => lines.at(-1) === PROMPT.trimEnd());
  return terminal;
}

async function seesBoth({ run }: Scene): Promise<void> {
  await until(
    async () => (await run('computers')).stdout,
    (seen) => /ALPHA[\s\S]*BRAVO/.test(seen),
  );
}

/** Keys are shown and lines made by the terminal again, and pastes are not marked. */
async function isClean(terminal: TmuxTerminal): Promise<void> {
  terminal.type('clear; stty -a | grep -q " echo " && stty -a | grep " icanon " | wc -l', 'Enter');
  await terminal.shows((lines) => lines.at(0) === '1' && lines.at(-1) === '$');
  terminal.paste('echo pas');
  terminal.type('ted', 'Enter');
  await terminal.shows((lines) => lines.includes('pasted'));
}
