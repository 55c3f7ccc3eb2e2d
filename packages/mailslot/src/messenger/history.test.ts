import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { MAX_RECEIPTS } from '../limits.js';
import { realPorts } from '../ports/ports.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { History, openHistory } from './history.js';
import { breakDisk, noteOf, temporaryFolder, until } from './messenger.test.support.js';
import { MESSENGER } from './name.js';
import type { Note, Receipt } from './note.js';
import type { HistoryEvent } from './note-index.js';

const folders = { skip: process.platform === 'win32' ? 'files have no modes here' : false };

function filesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

function textsOf(history: History): string[] {
  return history.notes().map(({ text }) => text);
}

function receiptOf(fields: Partial<Receipt> = {}): Receipt {
  return { name: 'BOB', computer: 'BETA', kind: 'read', time: 1_767_225_600_000, ...fields };
}

test('what is added is there, in this process, in another one, and after a restart', (t) => {
  const folder = temporaryFolder(t);
  const [one, other] = [openHistory(folder), openHistory(folder)];
  const notes = [
    noteOf({ text: 'a\nb\u2028', level: 'alert', ttl: 5, thread: '00112233445566aa', wants: 'read' }),
    noteOf({ text: '\0\u001b\ufffd', computer: undefined, authenticated: false, reply: 'messngr/BOB' }),
    noteOf({ isOwn: true, isRead: true, from: 'ANNA', to: '*' }),
    noteOf({ isNotice: true, from: MESSENGER }),
  ];
  for (const note of notes) assert.equal(one.append(note), true);
  for (const history of [one, other, openHistory(folder)]) {
    assert.deepEqual(history.notes(), notes);
    assert.equal(history.unread, 3);
    assert.deepEqual(history.note(notes[0]!.id), notes[0]);
  }
});

test('a note is there once, and one of ours that comes back is not there at all', (t) => {
  const folder = temporaryFolder(t);
  const [one, other] = [openHistory(folder), openHistory(folder)];
  const [note, own] = [noteOf(), noteOf({ isOwn: true, isRead: true })];
  assert.equal(one.append(note), true);
  assert.equal(other.append(note), false);
  one.announce(own.id);
  assert.deepEqual(
    [note.id, own.id, 'ffffffffffffffff'].map((id) => other.ownerOf(id)),
    ['others', 'us', undefined],
  );
  assert.equal(other.append({ ...own, isOwn: false }), false);
  assert.equal(one.append(own), true);
  assert.deepEqual(other.notes(), [note, own]);
});

test('what is confirmed stays so, and nothing is written twice', (t) => {
  const folder = temporaryFolder(t);
  const history = openHistory(folder);
  const notes = Array.from({ length: 2_500 }, () => noteOf());
  for (const note of notes) history.append(note);
  history.markRead(...notes.slice(1).map(({ id }) => id), 'ffffffffffffffff');
  assert.equal(history.unread, 1);
  const { size } = statSync(join(folder, 'history-1.jsonl'));
  history.markRead(notes[1]!.id);
  assert.equal(statSync(join(folder, 'history-1.jsonl')).size, size);
  assert.deepEqual(openHistory(folder).notes({ unreadOnly: true }), [notes[0]]);
});

test('receipts are kept for what is ours, one of a kind from each receiver, and no more than 64', (t) => {
  const folder = temporaryFolder(t);
  const history = openHistory(folder);
  const [theirs, ours] = [noteOf(), noteOf({ isOwn: true, isRead: true })];
  for (const note of [theirs, ours]) history.append(note);
  assert.equal(history.addReceipt(theirs.id, receiptOf()), false);
  assert.equal(history.addReceipt('ffffffffffffffff', receiptOf()), false);
  const first = [receiptOf({ kind: 'delivered' }), receiptOf(), receiptOf({ computer: undefined })];
  for (const receipt of first) assert.equal(history.addReceipt(ours.id, receipt), true);
  assert.equal(history.addReceipt(ours.id, receiptOf({ time: 1_767_225_600_001 })), false);
  assert.deepEqual(openHistory(folder).note(ours.id)?.receipts, first);
  for (let at = 0; at < 100; at += 1) history.addReceipt(ours.id, receiptOf({ name: `B${at}` }));
  assert.equal(openHistory(folder).note(ours.id)?.receipts.length, MAX_RECEIPTS);
});

test('notes are found by what they say, with whom, in which conversation, and page by page', () => {
  const history = new History(undefined, realPorts);
  const thread = '00112233445566aa';
  const notes = [
    noteOf({ id: thread, text: 'Lunch?', to: '*', from: 'ANNA' }),
    noteOf({ text: 'yes, LUNCH', thread }),
    noteOf({ text: 'no', to: 'BOB', from: 'ANNA', isOwn: true, isRead: true, thread }),
    noteOf({ text: 'later', from: 'CARLA' }),
  ];
  for (const note of notes) history.append(note);
  const found = (...args: Parameters<History['notes']>): string[] =>
    history.notes(...args).map(({ text }) => text);
  assert.deepEqual(found({ search: 'lunch' }), ['Lunch?', 'yes, LUNCH']);
  assert.deepEqual(found({ search: 'carl' }), ['later']);
  assert.deepEqual(found({ thread }), ['Lunch?', 'yes, LUNCH', 'no']);
  assert.deepEqual(found({ with: 'bob' }), ['yes, LUNCH', 'no']);
  assert.deepEqual(found({ with: '*' }), ['Lunch?']);
  assert.deepEqual(found({ unreadOnly: true, with: 'bob' }), ['yes, LUNCH']);
  assert.deepEqual(found({ limit: 2 }), ['no', 'later']);
  assert.deepEqual(found({ limit: 2, before: notes[2]!.id }), ['Lunch?', 'yes, LUNCH']);
  assert.deepEqual(found({ before: 'ffffffffffffffff' }), []);
  assert.deepEqual(found({ before: thread }), []);
  history.append(noteOf({ text: 'notice', isNotice: true, from: MESSENGER }));
  assert.deepEqual(found({ with: MESSENGER }), ['notice']);
  assert.throws(() => history.notes({ with: 'a/b' }), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
});

test('who follows hears of everything once, from this process at once and from others soon', async (t) => {
  const folder = temporaryFolder(t);
  const [one, other] = [openHistory(folder), openHistory(folder)];
  const heard: [string, HistoryEvent][] = [];
  t.after(one.follow((event) => heard.push(['one', event])));
  t.after(other.follow((event) => heard.push(['other', event])));
  const note = noteOf();
  one.append(note);
  assert.deepEqual(heard, [['one', { kind: 'note', note }]]);
  await until(() => heard.length === 2);
  assert.deepEqual(heard[1], ['other', { kind: 'note', note }]);
  other.markRead(note.id);
  await until(() => heard.length === 4);
  const change = { kind: 'change', note: { ...note, isRead: true }, what: 'read' };
  assert.deepEqual(heard.slice(2), [
    ['other', change],
    ['one', change],
  ]);
});

test('a change that the system does not tell of is found by looking now and then', (t) => {
  const folder = temporaryFolder(t);
  const clock = new VirtualClock();
  const heard: string[] = [];
  t.after(new History(folder, { ...realPorts, clock }).follow(({ note }) => heard.push(note.text)));
  openHistory(folder).append(noteOf({ text: 'untold' }));
  clock.advance(1_000);
  assert.deepEqual(heard, []);
  clock.advance(1_000);
  assert.deepEqual(heard, ['untold']);
});

/** Another first digit than it has. */
const anotherId = (_text: string, digit: string): string => `"id":"${digit === 'f' ? 'e' : 'f'}`;

test('torn, foreign and overlong lines are passed over, wherever they stand', (t) => {
  const folder = temporaryFolder(t);
  const history = openHistory(folder);
  const file = join(folder, 'history-1.jsonl');
  history.append(noteOf({ text: '1' }));
  const line = readFileSync(file, 'utf8').trim();
  for (const text of [
    '\n',
    '{',
    'null\n',
    '[]\n',
    '{"note":{}}\n',
    '{"later":1}\n',
    '\xff\xfe',
    '{"read":[1]}\n',
  ]) {
    appendFileSync(file, Buffer.from(text, 'latin1'));
    history.append(noteOf({ text: 'x' }));
  }
  appendFileSync(file, `\n${'x'.repeat(3 * 2 ** 20)}`);
  history.append(noteOf({ text: 'y' }));
  // A line that is complete but for its end may yet be completed.
  appendFileSync(file, line.replace('"text":"1"', '"text":"z"').replace(/"id":"(.)/, anotherId));
  assert.deepEqual(textsOf(history), ['1', ...Array(8).fill('x'), 'y']);
  appendFileSync(file, '\n');
  assert.deepEqual(textsOf(history), ['1', ...Array(8).fill('x'), 'y', 'z']);
  assert.deepEqual(openHistory(folder).notes(), history.notes());
});

test('wherever a line is cut off, those before and after it are read', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'history-1.jsonl');
  const [first, torn, last] = [noteOf({ text: 'first' }), noteOf({ text: 'törn' }), noteOf({ text: 'last' })];
  openHistory(folder).append(first);
  const before = readFileSync(file);
  openHistory(folder).append(torn);
  const whole = readFileSync(file);
  fc.assert(
    fc.property(fc.integer({ min: before.length, max: whole.length }), (length) => {
      writeFileSync(file, whole.subarray(0, length));
      const history = openHistory(folder);
      history.append(last);
      const isWhole = length >= whole.length - 1;
      assert.deepEqual(textsOf(history), isWhole ? ['first', 'törn', 'last'] : ['first', 'last']);
      assert.deepEqual(openHistory(folder).notes(), history.notes());
    }),
  );
});

test('a full file is followed by the next, and the oldest of five is removed with what was in it', (t) => {
  const folder = temporaryFolder(t);
  const [one, other] = [new History(folder, realPorts, 2_000), new History(folder, realPorts, 2_000)];
  let count = 0;
  for (; !filesIn(folder).includes('history-7.jsonl'); count += 1) {
    (count % 2 === 0 ? one : other).append(noteOf({ text: `${count}` }));
  }
  assert.deepEqual(
    filesIn(folder),
    [4, 5, 6, 7].map((number) => `history-${number}.jsonl`),
  );
  const kept = textsOf(one);
  assert.deepEqual(textsOf(other), kept);
  assert.deepEqual(textsOf(new History(folder, realPorts, 2_000)), kept);
  assert.equal(kept.at(-1), String(count - 1));
  assert.ok(kept.length < count && kept.length > 10);
  assert.equal(one.unread, kept.length);
  assert.equal(one.notes({ before: one.notes()[2]!.id }).length, 2);
});

test('what cannot be written is an error, and shown by this process alone until it can; nothing is shown twice', (t) => {
  const folder = temporaryFolder(t);
  const history = openHistory(folder);
  history.append(noteOf({ text: 'a' }));
  const line = readFileSync(join(folder, 'history-1.jsonl'));
  breakDisk(folder);
  for (const text of ['late', 'later']) {
    assert.throws(() => history.append(noteOf({ text })), {
      code: 'ERR_MAILSLOT_IO',
      message: /set (XDG_STATE_HOME|LOCALAPPDATA)/,
    });
  }
  rmSync(folder);
  openHistory(folder);
  history.append(noteOf({ text: 'b' }));
  appendFileSync(join(folder, 'history-1.jsonl'), line);
  assert.deepEqual(textsOf(history), ['a', 'late', 'later', 'b']);
  assert.deepEqual(textsOf(openHistory(folder)), ['late', 'later', 'b', 'a']);
});

test('while the folder cannot be read what comes is shown, and written when it can', (t) => {
  const folder = temporaryFolder(t);
  const history = openHistory(folder);
  const own = noteOf({ text: 'own', isOwn: true, isRead: true });
  history.append(own);
  const told: string[] = [];
  const stop = history.follow(({ kind, note }) => told.push(`${kind} ${note.text}`));
  t.after(stop);
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, '');
  const late = noteOf({ text: 'late' });
  const failed = { code: 'ERR_MAILSLOT_IO' };
  assert.equal(history.ownerOf(late.id), undefined);
  assert.throws(() => history.append(late), failed);
  assert.equal(history.append(late), false);
  assert.throws(() => history.markRead(late.id), failed);
  assert.throws(() => history.addReceipt(own.id, receiptOf()), failed);
  assert.equal(history.ownerOf(late.id), 'others');
  assert.deepEqual(told, ['note late', 'change late', 'change own']);
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  history.append(noteOf({ text: 'next' }));
  assert.deepEqual(textsOf(history), ['own', 'late', 'next']);
  assert.deepEqual(openHistory(folder).notes(), history.notes());
});

test('the files are for this user alone, and a folder that others may use is refused', folders, (t) => {
  const folder = join(temporaryFolder(t), 'deep', 'messenger');
  const mask = process.umask(0);
  t.after(() => process.umask(mask));
  const history = openHistory(folder);
  history.append(noteOf());
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'history-1.jsonl')).mode & 0o777, 0o600);
  chmodSync(folder, 0o755);
  const refused = (message: RegExp): object => ({ code: 'ERR_MAILSLOT_UNUSABLE_CONFIG', message });
  assert.throws(() => openHistory(folder), refused(/run "chmod 700/));
  const link = join(temporaryFolder(t), 'link');
  symlinkSync(temporaryFolder(t), link);
  assert.throws(() => openHistory(link), refused(/it is no folder; remove it/));
});

test('ten thousand notes are read, searched and paged through', (t) => {
  const folder = temporaryFolder(t);
  const lines = Array.from({ length: 10_000 }, (_, at) => lineOf(noteOf({ text: `message ${at}` })));
  writeFileSync(join(folder, 'history-1.jsonl'), lines.join('\n\n'));
  appendFileSync(join(folder, 'history-1.jsonl'), '\n');
  const history = openHistory(folder);
  assert.equal(history.unread, 10_000);
  assert.equal(history.notes({ search: 'message 99' }).length, 111);
  let pages = 0;
  for (let before: string | undefined; ; pages += 1) {
    const page = history.notes({ limit: 100, before });
    if (page.length === 0) break;
    before = page[0]?.id;
  }
  assert.equal(pages, 100);
});

function lineOf({ isRead: _isRead, receipts: _receipts, ...fields }: Note): string {
  return JSON.stringify({ note: fields });
}

test('more notes than are shown are forgotten, the oldest first', (t: TestContext) => {
  const folder = temporaryFolder(t);
  const lines = Array.from({ length: 50_010 }, (_, at) => lineOf(noteOf({ text: `${at}` })));
  writeFileSync(join(folder, 'history-1.jsonl'), `${lines.join('\n')}\n`);
  const history = openHistory(folder);
  assert.equal(history.unread, 50_000);
  assert.equal(history.notes()[0]?.text, '10');
  history.append(noteOf({ text: 'new' }));
  assert.deepEqual(
    history.notes({ limit: 1 }).map(({ text }) => text),
    ['new'],
  );
  assert.equal(history.notes()[0]?.text, '11');
});

test('a file of 10 GB costs no more than its end, and what is no file costs nothing', folders, (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'history-3.jsonl');
  writeFileSync(file, `${lineOf(noteOf({ text: 'long ago' }))}\n`);
  // A hole takes no room on the disk.
  truncateSync(file, 10 * 2 ** 30);
  appendFileSync(file, `\n${lineOf(noteOf({ text: 'lately' }))}\n`);
  execFileSync('mkfifo', [join(folder, 'history-2.jsonl')]);
  assert.deepEqual(textsOf(openHistory(folder)), ['lately']);
});

test('of more files than a history has only the latest are read', (t) => {
  const folder = temporaryFolder(t);
  for (let number = 1; number <= 300; number += 1)
    writeFileSync(join(folder, `history-${number}.jsonl`), `${lineOf(noteOf({ text: `${number}` }))}\n`);
  assert.deepEqual(textsOf(openHistory(folder)), ['297', '298', '299', '300']);
});

test('without a disk the latest 32 MiB of text are kept', () => {
  const history = new History(undefined, realPorts);
  const text = 'ä'.repeat(30_000);
  for (let at = 0; at < 600; at += 1) history.append(noteOf({ text, receivedAt: 1_767_225_600_000 + at }));
  const most = Math.floor(2 ** 25 / 60_000);
  assert.equal(history.unread, most);
  assert.equal(history.notes()[0]?.receivedAt, 1_767_225_600_000 + 600 - most);
});

test('a clock that is set back changes nothing about the order', (t) => {
  const folder = temporaryFolder(t);
  const [one, other] = [openHistory(folder), openHistory(folder)];
  const [noon, before] = [1_767_268_800_000, 1_767_265_200_000];
  one.append(noteOf({ receivedAt: noon }));
  one.append(noteOf({ receivedAt: before, text: 'received' }));
  other.append(noteOf({ receivedAt: before, text: 'sent', isOwn: true, isRead: true }));
  // As a process writes that has not seen the others' yet.
  appendFileSync(join(folder, 'history-1.jsonl'), `${lineOf(noteOf({ receivedAt: before }))}\n`);
  one.append(noteOf({ receivedAt: noon + 1 }));
  for (const history of [one, other, openHistory(folder)]) {
    assert.deepEqual(
      history.notes().map(({ receivedAt }) => receivedAt),
      [noon, noon, noon, noon, noon + 1],
    );
  }
  assert.equal(readFileSync(join(folder, 'history-1.jsonl'), 'utf8').split(String(before)).length, 2);
});

test('what is no file in the place of the history takes nothing, and says so', folders, (t) => {
  const folder = temporaryFolder(t);
  const fifo = join(folder, 'history-1.jsonl');
  execFileSync('mkfifo', [fifo]);
  // Somebody reads it: a write would not fail.
  const reader = openSync(fifo, constants.O_RDWR);
  t.after(() => closeSync(reader));
  const history = openHistory(folder);
  assert.throws(
    () => history.append(noteOf({ text: 'kept' })),
    /history-1\.jsonl: it is no file; remove it$/,
  );
  assert.deepEqual(textsOf(history), ['kept']);
  rmSync(fifo);
  history.append(noteOf({ text: 'next' }));
  assert.deepEqual(textsOf(openHistory(folder)), ['kept', 'next']);
});
