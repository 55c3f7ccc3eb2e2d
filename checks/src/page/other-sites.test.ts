import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { needs } from '../support/needs.js';
import { visit } from './support/browser.js';

/** What browsers say of requests that they or we refuse. */
const refusals =
  /CORS|Failed to load resource|frame-ancestors|Refused to|ERR_|Framing|violates|Cross-Origin-Opener-Policy header has been ignored/;

test(
  'a page of another site can neither write nor read nor show ours, even with the token',
  needs('chromium'),
  async (t) => {
    const { page, url, messenger } = await visit(t, { tolerates: refusals });
    const { origin, hash } = new URL(url);
    messenger.receive({ text: 'for Anna only' });
    await page.goto(await otherSite(t));
    const outcome = await page.evaluate<Record<string, unknown>>(attack(origin, hash.slice(1)));
    assert.deepEqual(outcome, {
      read: 'refused',
      events: 'refused',
      post: 'refused',
      readBlindly: 'refused',
      file: 'refused',
    });
    const [, frame] = page.frames();
    assert.match(frame?.url() ?? '', /^chrome-error:/);
    assert.deepEqual(
      messenger.notes.map(({ text }) => text),
      ['for Anna only'],
    );
  },
);

test('a name that was pointed to this computer shows nothing of ours', needs('chromium'), async (t) => {
  const { page, url } = await visit(t, { tolerates: refusals });
  const { port, hash } = new URL(url);
  const answer = await page.goto(`http://evil.example:${port}/${hash}`);
  assert.equal(answer?.status(), 421);
  const status = await page.evaluate<number>(
    `fetch('/api/state', { headers: { authorization: 'Bearer ${hash.slice(1)}' } }).then(({ status }) => status)`,
  );
  assert.equal(status, 421);
});

/** The address of a page on another port, which for a browser is another site. */
async function otherSite(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>another site</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Everything that a page can try, as a script for it, and what came of each. */
function attack(origin: string, token: string): string {
  return `(async () => {
    const origin = ${JSON.stringify(origin)};
    const headers = { authorization: 'Bearer ' + ${JSON.stringify(token)} };
    const text = async (path, init) => {
      try {
        return await (await fetch(origin + path, init)).text();
      } catch {
        return 'refused';
      }
    };
    const body = JSON.stringify({ to: '*', text: 'evil' });
    const frame = document.createElement('iframe');
    frame.src = origin;
    document.body.append(frame);
    await new Promise((resolve) => { frame.onload = resolve; });
    const json = { ...headers, 'content-type': 'application/json' };
    const form = new URLSearchParams({ to: '*', text: 'evil' });
    await text('/api/send', { method: 'POST', mode: 'no-cors', body });
    await text('/api/send', { method: 'POST', mode: 'no-cors', body: form });
    return {
      read: await text('/api/state', { headers }),
      events: await text('/api/events', { headers }),
      post: await text('/api/send', { method: 'POST', headers: json, body }),
      // Cross-Origin-Resource-Policy: not even an answer that nobody may look into comes.
      readBlindly: await text('/api/state', { mode: 'no-cors' }),
      file: await text('/', {}),
    };
  })()`;
}
