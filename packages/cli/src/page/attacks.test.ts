import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { STRANGERS_MAX } from './limits.js';
import { scene } from './page.test.support.js';

test('nothing of the API is had without the token, or with another one', async (t) => {
  const { ask, token } = await scene(t);
  const wrong = [
    {},
    { authorization: '' },
    { authorization: `Bearer ${token}x` },
    { authorization: `Bearer ${token.slice(0, -1)}` },
    { authorization: `Basic ${token}` },
    { authorization: token },
    { cookie: `token=${token}` },
  ];
  for (const path of ['/api/state', '/api/notes', '/api/events', '/api/send', '/api/none']) {
    for (const headers of wrong) {
      const { status, text } = await ask(path, { headers });
      assert.equal(status, 401, path);
      assert.doesNotMatch(text, /ALPHA|OFFICE/);
    }
    assert.equal((await ask(`${path}?token=${token}`, { headers: {} })).status, 401);
  }
});

test('a name that was pointed to this computer gets nothing, the page neither', async (t) => {
  const { ask, port, token } = await scene(t);
  const authorization = `Bearer ${token}`;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:${port}.evil.example`,
    `[::1]:${port}`,
  ]) {
    for (const path of ['/', '/api/state'])
      assert.equal((await ask(path, { headers: { host, authorization } })).status, 421, host);
  }
  assert.equal(
    (await ask('/api/state', { headers: { host: `localhost:${port}`, authorization } })).status,
    200,
  );
});

test('a page of another site can neither post nor read, even if it knew the token', async (t) => {
  const { ask, port, token, messenger } = await scene(t);
  const authorization = `Bearer ${token}`;
  const json = { authorization, 'content-type': 'application/json' };
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `https://127.0.0.1:${port}` },
    { origin: `http://localhost:${port}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  const body = JSON.stringify({ to: '*', text: 'evil' });
  for (const headers of foreign) {
    assert.equal((await ask('/api/events', { headers: { ...json, ...headers } })).status, 403);
    assert.equal(
      (await ask('/api/send', { method: 'POST', headers: { ...json, ...headers } }, body)).status,
      403,
    );
    assert.equal((await ask('/', { headers })).status, 403);
  }
  assert.deepEqual(messenger.notes, []);
  const preflight = await ask('/api/send', {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.status, 401);
  assert.deepEqual(
    Object.keys(preflight.headers).filter((name) => name.startsWith('access-control')),
    [],
  );
});

test('a form of another site is not JSON', async (t) => {
  const { ask, token, messenger } = await scene(t);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined]) {
    const headers = { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) };
    assert.equal((await ask('/api/send', { method: 'POST', headers }, '{"to":"*","text":"x"}')).status, 415);
  }
  assert.deepEqual(messenger.notes, []);
});

test('a body has a bound, told beforehand or not', async (t) => {
  const { ask, token } = await scene(t);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const huge = JSON.stringify({ to: '*', text: 'x'.repeat(200_000) });
  assert.equal((await ask('/api/send', { method: 'POST', headers }, huge)).status, 413);
  const untold = { ...headers, 'transfer-encoding': 'chunked' };
  assert.equal((await ask('/api/send', { method: 'POST', headers: untold }, huge)).status, 413);
});

test('no path leads out of the page', async (t) => {
  const { ask } = await scene(t);
  const paths = [
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '//etc/passwd',
    '/assets/..\\..\\package.json',
    '/index.html%00.js',
    '/secret.key',
    '/assets',
    '/assets/',
    '/constructor',
    '/__proto__',
  ];
  for (const path of paths) assert.ok([400, 404].includes((await ask(path)).status), path);
  assert.equal((await ask('/assets/../index.html')).status, 200);
});

test('what is no HTTP, and a target of another kind, is refused', async (t) => {
  const { port } = await scene(t);
  assert.match(await raw(port, 'nonsense\r\n\r\n'), /^HTTP\/1.1 400/);
  assert.match(
    await raw(port, `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`),
    /^HTTP\/1.1 400/,
  );
  assert.match(
    await raw(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1.1 431/,
  );
});

test('every answer says what a browser may do with it: nothing', async (t) => {
  const { ask } = await scene(t);
  for (const path of ['/', '/assets/index-abc.js', '/none', '/api/state', '/api/none']) {
    const { headers } = await ask(path);
    assert.match(policyOf(headers), /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for/);
    assert.doesNotMatch(policyOf(headers), /unsafe|http:|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['set-cookie'], undefined);
  }
});

test('the server is on this computer only', async (t) => {
  const { page } = await scene(t);
  assert.match(page.url, /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
});

test('who asks for too much at once has to wait', async (t) => {
  const { post } = await scene(t);
  const answers = await Promise.all(Array.from({ length: 150 }, () => post('/api/read', { ids: [] })));
  const statuses = new Set(answers.map(({ status }) => status));
  assert.deepEqual([...statuses].sort(), [200, 429]);
});

test('who opens connections and shows no token keeps nobody out who has it, and is cut off', async (t) => {
  const { ask, open, port } = await scene(t);
  const events = await open('/api/events');
  const strangers = Array.from({ length: STRANGERS_MAX + 100 }, () => connect(port, '127.0.0.1'));
  t.after(() => strangers.forEach((stranger) => void stranger.destroy()));
  const cutOff = strangers.slice(0, 100).map((stranger) => once(stranger, 'close'));
  for (const stranger of strangers) stranger.on('error', () => {}).write('GET / HTTP/1.1\r\nHost:');
  await Promise.all(cutOff);
  for (let tries = 0; tries < 10; tries += 1) assert.equal((await ask('/api/state')).status, 200);
  assert.equal(events.destroyed, false);
});

function policyOf(headers: IncomingHttpHeaders): string {
  return String(headers['content-security-policy']);
}

async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
