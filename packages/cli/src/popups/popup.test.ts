import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { noteFor } from '../testing/notes.js';
import { scene } from '../testing/scene.js';
import { desktop } from './desktop.js';
import { popupOf } from './popup.js';
import { quietAsked, quietUntil, setQuiet } from './quiet.js';

const posix = { skip: process.platform === 'win32' && 'its programs are scripts' };

test('a pop-up is short and has nothing that moves or hides what is around it', () => {
  const { text, title } = popupOf(noteFor({ text: `a\r\nb\x1b[2J\u202e${'x'.repeat(60_000)}`, to: '*' }));
  assert.match(text, /^a\nb·\[2J·x+ …$/);
  assert.ok(text.length < 500);
  assert.equal(title, 'PC3/ANNA to everybody');
  const doubtful = popupOf(noteFor({ authenticated: false }));
  assert.equal(doubtful.title, 'unverified PC3/ANNA');
});

test(
  'what others wrote is an argument, without markup, and an alert waits for its button',
  posix,
  async (t) => {
    const { root } = scene(t);
    const path = join(root, 'notify-send');
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${root}/said'\necho confirmed\n`);
    chmodSync(path, 0o755);
    const before = process.env['PATH'];
    t.after(() => {
      process.env['PATH'] = before;
    });
    process.env['PATH'] = root + delimiter + before;

    const show = desktop({ DISPLAY: ':0' }, 'linux');
    const note = noteFor({ text: '-<b>$(id)\\n', level: 'alert' });
    const outcome = await show?.(popupOf(note), AbortSignal.timeout(20_000));
    assert.equal(outcome, 'confirmed');
    assert.deepEqual(readFileSync(join(root, 'said'), 'utf8').trimEnd().split('\n'), [
      '--app-name=Mailslot',
      '--urgency=critical',
      '--wait',
      '--action=confirmed=Confirm',
      '--',
      'PC3/ANNA',
      '-&lt;b&gt;$(id)\\\\n',
    ]);
  },
);

test('without a desktop there is none', () => {
  assert.equal(desktop({}, 'linux'), undefined);
});

test('do not disturb that cannot be read counts as off, and is told of once', (t) => {
  const folder = join(scene(t).root, 'state');
  mkdirSync(join(folder, 'quiet.json'), { recursive: true });
  const told: string[] = [];
  const isQuiet = quietAsked(
    folder,
    () => 1000,
    (text) => told.push(text),
  );
  assert.deepEqual([isQuiet(), isQuiet()], [false, false]);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /counts as off.*quiet\.json: it is no file; remove it$/);
});

test('do not disturb that cannot be kept or read names its file, and the next step', posix, (t) => {
  const { root } = scene(t);
  const inTheWay = join(root, 'file');
  writeFileSync(inTheWay, '');
  assert.throws(() => setQuiet(join(inTheWay, 'state'), 2000), {
    code: 'ERR_MAILSLOT_IO',
    message: /^cannot write .*quiet\.json: .*; put that right, or set XDG_STATE_HOME to another folder$/,
  });
  // Where Node would try for ever to make the folder.
  if (process.platform === 'linux')
    assert.throws(() => setQuiet('/proc/no/such/state', 2000), { code: 'ERR_MAILSLOT_IO' });
  const fifo = join(root, 'quiet.json');
  execFileSync('mkfifo', [fifo, `${fifo}.new`]);
  assert.throws(() => quietUntil(root, 1000), /quiet\.json: it is no file; remove it$/);
  setQuiet(root, 2000);
  assert.equal(quietUntil(root, 1000), 2000);
});

test('do not disturb: for a time, until it is switched off, or not', (t) => {
  const folder = join(scene(t).root, 'state');
  assert.equal(quietUntil(folder, 1000), undefined);
  setQuiet(folder, 2000);
  assert.equal(quietUntil(folder, 1000), 2000);
  assert.equal(quietUntil(folder, 2000), undefined);
  setQuiet(folder, Number.POSITIVE_INFINITY);
  assert.equal(quietUntil(folder, 9e15), Number.POSITIVE_INFINITY);
  setQuiet(folder, undefined);
  assert.equal(quietUntil(folder, 1000), undefined);
  writeFileSync(join(folder, 'quiet.json'), 'rubbish');
  assert.equal(quietUntil(folder, 1000), undefined);
});
