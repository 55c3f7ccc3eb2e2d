import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PageNotes, PageState } from '@mailslot/web/api';
import { FakeMessenger, fakeNetwork } from './fake-messenger.test.support.js';
import { scene } from './page.test.support.js';
import { startPage } from './start-page.js';
import { keptToken } from './token.js';

const posix = { skip: process.platform === 'win32' && 'its modes and links are those of POSIX' };

test('the page and its files are served, hashed ones for ever', async (t) => {
  const { ask } = await scene(t);
  const page = await ask('/', { headers: {} });
  assert.match(page.text, /<title>page/);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  const script = await ask('/assets/index-abc.js', { headers: {} });
  assert.match(script.headers['cache-control'] ?? '', /immutable/);
  assert.equal((await ask('/', { method: 'HEAD', headers: {} })).text, '');
  assert.equal((await ask('/', { method: 'POST', headers: {} })).status, 405);
});

test('the state has conversations, what is unread in them, alerts and computers', async (t) => {
  const { messenger, ask } = await scene(t);
  messenger.receive({ text: 'one' });
  messenger.receive({ text: 'two\n lines' });
  messenger.receive({ from: 'EVE', to: '*', text: 'all', level: 'alert' });
  messenger.receive({ from: 'ANNA', to: 'CARL', isOwn: true, isRead: true });
  const state: PageState = JSON.parse((await ask('/api/state')).text);
  assert.deepEqual(
    state.conversations.map(({ name, unread, snippet }) => [name, unread, snippet]),
    [
      ['CARL', 0, 'hello'],
      ['*', 1, 'EVE: all'],
      ['BOB', 2, 'two lines'],
    ],
  );
  assert.deepEqual(state.conversations[2]?.computers, ['BRAVO']);
  assert.deepEqual(
    state.alerts.map(({ text }) => text),
    ['all'],
  );
  assert.deepEqual(
    [state.computer, state.domain, state.computers.length, state.names.length],
    ['ALPHA', 'OFFICE', 2, 3],
  );
});

test('what was there before we started is in the state', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), '');
  const messenger = new FakeMessenger();
  for (let count = 0; count < 12_345; count++) messenger.receive({});
  const page = await startPage({ messenger, network: fakeNetwork(null), folder, token: 'secret' });
  t.after(() => page.close());
  assert.match(page.url, /#secret$/);
  const { origin } = new URL(page.url);
  const read = async (): Promise<PageState> =>
    (await (
      await fetch(`${origin}/api/state`, { headers: { authorization: 'Bearer secret' } })
    ).json()) as PageState;
  const { conversations, domain } = await read();
  assert.equal(domain, null);
  assert.deepEqual([conversations[0]?.unread, conversations[0]?.isMore], [10_000, true]);

  const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
  const done = await fetch(`${origin}/api/read`, { method: 'POST', headers, body: '{"with":"BOB"}' });
  assert.equal(done.status, 200);
  assert.deepEqual([(await read()).conversations[0]?.unread, messenger.confirmed.length], [0, 12_345]);
});

test('notes come in pages, the latest first to be had, and by search', async (t) => {
  const { messenger, ask } = await scene(t);
  for (let count = 0; count < 25; count++) messenger.receive({ text: `note ${count}` });
  messenger.receive({ from: 'EVE', text: 'needle' });
  const get = async (query: string): Promise<PageNotes> =>
    JSON.parse((await ask(`/api/notes?${query}`)).text);
  const last = await get('with=BOB&limit=10');
  assert.deepEqual([last.notes[0]?.text, last.notes[9]?.text, last.more], ['note 15', 'note 24', true]);
  const before = await get(`with=BOB&limit=100&before=${last.notes[0]?.id}`);
  assert.deepEqual([before.notes.length, before.notes[0]?.text, before.more], [15, 'note 0', false]);
  assert.deepEqual(
    (await get('search=NEEDLE')).notes.map(({ with: name }) => name),
    ['EVE'],
  );
  for (const query of ['limit=0', 'limit=1001', 'limit=x', `search=${'x'.repeat(201)}`])
    assert.equal((await ask(`/api/notes?${query}`)).status, 400);
});

test('an answer with long notes ends early and says that there are more', async (t) => {
  const { messenger, ask } = await scene(t);
  for (let count = 0; count < 100; count++) messenger.receive({ text: 'x'.repeat(60_000) });
  const { notes, more }: PageNotes = JSON.parse((await ask('/api/notes?with=BOB&limit=100')).text);
  assert.ok(more);
  assert.ok(notes.length > 10 && notes.length < 40, `${notes.length}`);
  assert.equal(notes.at(-1)?.id, messenger.notes.at(-1)?.id);
});

test('sending and its refusals', async (t) => {
  const { messenger, post } = await scene(t);
  const sent = await post('/api/send', { to: 'BOB', text: 'hi', level: 'warning', wants: 'read' });
  assert.deepEqual([sent.status, JSON.parse(sent.text).with], [200, 'BOB']);
  assert.deepEqual([messenger.notes[0]?.text, messenger.notes[0]?.level], ['hi', 'warning']);
  for (const body of [
    {},
    { to: 'BOB' },
    { to: 'BOB', text: 1 },
    { to: 'BOB', text: 'x', level: 'loud' },
    { to: 'BOB', text: 'x', wants: 'all' },
    [],
  ])
    assert.equal((await post('/api/send', body)).status, 400);
  const refused = await post('/api/send', { to: 'a/b', text: 'hi' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /ERR_MAILSLOT_INVALID_NAME/);
});

test('reading a conversation leaves its alerts; they are confirmed one by one', async (t) => {
  const { messenger, post, ask } = await scene(t);
  messenger.receive({});
  const alert = messenger.receive({ level: 'alert' });
  await post('/api/read', { with: 'BOB' });
  assert.deepEqual(
    messenger.notes.map(({ isRead }) => isRead),
    [true, false],
  );
  await post('/api/read', { ids: [alert.id] });
  const { alerts, conversations }: PageState = JSON.parse((await ask('/api/state')).text);
  assert.deepEqual([alerts.length, conversations[0]?.unread], [0, 0]);
  for (const body of [{}, { ids: [1] }, { ids: Array(1001).fill('x') }])
    assert.equal((await post('/api/read', body)).status, 400);
});

test('names are added, removed, refused', async (t) => {
  const { messenger, post } = await scene(t);
  assert.equal((await post('/api/names', { add: 'night shift' })).status, 200);
  assert.equal(messenger.names().at(-1)?.name, 'NIGHT SHIFT');
  assert.equal((await post('/api/names', { remove: 'NIGHT SHIFT' })).status, 200);
  assert.equal((await post('/api/names', { add: 'TAKEN' })).status, 422);
  assert.equal((await post('/api/names', {})).status, 400);
});

test('a page that is not built says what to do', async () => {
  const options = {
    messenger: new FakeMessenger(),
    network: fakeNetwork(null),
    folder: join(tmpdir(), 'none'),
  };
  await assert.rejects(startPage(options), /npm run build/);
});

test('a port that is taken is an error, and nothing is left behind', async (t) => {
  const { port } = await scene(t);
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), '');
  const messenger = new FakeMessenger();
  await assert.rejects(startPage({ messenger, network: fakeNetwork(null), folder, port }), {
    code: 'EADDRINUSE',
  });
  assert.equal(messenger.listeners, 0);
});

test('the token is kept for its user alone, and made anew when it is damaged', (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'mailslot-page-')), 'state');
  t.after(() => rmSync(join(folder, '..'), { recursive: true }));
  const token = keptToken(folder);
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(keptToken(folder), token);
  assert.equal(statSync(join(folder, 'page-token')).mode & 0o777, 0o600);
  writeFileSync(join(folder, 'page-token'), 'torn');
  assert.notEqual(keptToken(folder), 'torn');
});

test(
  'what others put in the place of the token, or could read, is not waited for and not used',
  posix,
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'mailslot-page-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'page-token');
    const known = 'x'.repeat(43);
    const others: readonly (() => unknown)[] = [
      () => execFileSync('mkfifo', [path]),
      () => execFileSync('mkfifo', [path, `${path}.new`]),
      () => symlinkSync(writtenTo(`${path}-of-others`, known), path),
      () => chmodSync(writtenTo(path, known), 0o644),
    ];
    for (const put of others) {
      put();
      const token = keptToken(folder);
      assert.match(token, /^[\w-]{43}$/);
      assert.notEqual(token, known);
      assert.equal(lstatSync(path).mode & 0o170777, 0o100600);
      assert.equal(keptToken(folder), token);
      rmSync(path);
    }
  },
);

function writtenTo(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

test('of very many alerts those come that there was no room for, when others are confirmed', async (t) => {
  const { messenger, post, ask } = await scene(t);
  for (let count = 0; count < 250; count++) messenger.receive({ level: 'alert', text: `${count}` });
  const texts: string[] = [];
  while (true) {
    const { alerts }: PageState = JSON.parse((await ask('/api/state')).text);
    assert.ok(alerts.length <= 100);
    if (alerts.length === 0) break;
    texts.push(...alerts.map(({ text }) => text));
    await post('/api/read', { ids: alerts.map(({ id }) => id) });
  }
  assert.deepEqual(
    texts,
    Array.from({ length: 250 }, (_, count) => `${count}`),
  );
});

test('an alert that is of no use any more is none', async (t) => {
  const { messenger, ask } = await scene(t);
  const time = Date.now() - 5_000;
  messenger.receive({ level: 'alert', text: 'over', time, ttl: 4 });
  messenger.receive({ level: 'alert', text: 'still', time, ttl: 60 });
  messenger.receive({ level: 'alert', text: 'for ever' });
  const { alerts }: PageState = JSON.parse((await ask('/api/state')).text);
  assert.deepEqual(
    alerts.map(({ text }) => text),
    ['still', 'for ever'],
  );
});
