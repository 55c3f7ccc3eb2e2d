import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../support/needs.js';
import { until, visit } from './support/browser.js';

const refusal = /401|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|net::/;

test('the link opens the page, and its token does not stay in the address', needs('chromium'), async (t) => {
  const { page, url } = await visit(t);
  await page.getByRole('heading', { name: 'Everybody' }).waitFor();
  await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
  assert.equal(page.url(), new URL('/', url).href);
  assert.equal(await page.title(), 'Mailslot');
});

test('without the token the page says where the link is', needs('chromium'), async (t) => {
  const { page } = await visit(t, { fragment: '' });
  await page.getByRole('heading', { name: 'Open the link of your messenger' }).waitFor();
  assert.equal(await page.getByRole('navigation').count(), 0);
});

test('with a wrong token the page shows nothing and says why', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { fragment: '#wrong', tolerates: refusal });
  messenger.receive({ text: 'for nobody else' });
  await page.getByRole('heading', { name: 'This link is not valid any more' }).waitFor();
  assert.doesNotMatch((await page.textContent('body'))!, /for nobody else|ALPHA/);
});

test('the right link helps who had a wrong one, in the same tab', needs('chromium'), async (t) => {
  const { page, url } = await visit(t, { fragment: '#wrong', tolerates: refusal });
  await page.getByRole('heading', { name: 'This link is not valid any more' }).waitFor();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Everybody' }).waitFor();
});

test('a reload keeps the token, the conversation and what was said', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  messenger.receive({ text: 'before' });
  await page.getByRole('button', { name: 'BOB' }).click();
  await page.getByText('before').last().waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'BOB' }).waitFor();
  await page.getByRole('log').getByText('before').waitFor();
});

test(
  'when the server is away the page says so, and comes back without a loss',
  needs('chromium'),
  async (t) => {
    const { page, messenger, stopServer, startServer } = await visit(t, { tolerates: refusal });
    await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
    await stopServer();
    await page.getByText('Not connected to the messenger').waitFor();
    await page.getByLabel('Message', { exact: true }).fill('too early');
    assert.ok(await page.getByRole('button', { name: 'Send to all' }).isDisabled());

    await page.getByText('Was it restarted? Open the new link').waitFor();
    messenger.receive({ to: '*', text: 'said meanwhile' });
    await startServer();
    await page.getByRole('log').getByText('said meanwhile').waitFor();
    messenger.receive({ to: '*', text: 'said after' });
    await page.getByRole('log').getByText('said after').waitFor();
    assert.equal(await page.getByText('Not connected').count(), 0);
    assert.equal(await page.getByRole('article').count(), 2);
  },
);

test('without a domain the page says that everybody is this computer', needs('chromium'), async (t) => {
  const { page } = await visit(t, { domain: null });
  await page.getByText('This computer alone: there is no domain.').waitFor();
  await page.getByText('ALPHA, in no domain').waitFor();
});

test('nothing comes from anywhere else', needs('chromium'), async (t) => {
  const { page, url } = await visit(t);
  await page.getByRole('heading', { name: 'Everybody' }).waitFor();
  const requested = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)`,
  );
  assert.ok(requested.length > 2);
  assert.deepEqual([...new Set(requested)], [new URL(url).origin]);
  await until(page, 'document.cookie === ""');
});
