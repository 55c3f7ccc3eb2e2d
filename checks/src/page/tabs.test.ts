import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { needs } from '../support/needs.js';
import { visit } from './support/browser.js';

/** Twice as many as a browser opens connections to one server. */
const TABS = 12;

test(
  `${TABS} tabs are all live, by one connection, and another one follows when that tab is closed`,
  needs('chromium'),
  async (t) => {
    const { page, messenger, url } = await visit(t);
    const context = page.context();
    const streams = new Map<Request, Page>();
    context.on('request', (request) => {
      if (request.url().includes('/api/events')) streams.set(request, request.frame().page());
    });
    context.on('requestfailed', (request) => streams.delete(request));
    context.on('requestfinished', (request) => streams.delete(request));
    const open = (): number => [...streams.values()].filter((tab) => !tab.isClosed()).length;
    await page.reload();
    await page.getByLabel('Message', { exact: true }).waitFor();
    const others: Page[] = [];
    for (let count = 1; count < TABS; count += 1) {
      const tab = await context.newPage();
      await tab.goto(url);
      await tab.getByLabel('Message', { exact: true }).waitFor();
      others.push(tab);
    }
    const seen = async (tabs: readonly Page[], text: string): Promise<void> => {
      messenger.receive({ to: '*', text });
      await Promise.all(tabs.map((tab) => tab.getByRole('log').getByText(text).waitFor()));
    };
    await seen([page, ...others], 'to all tabs');
    assert.equal(open(), 1);

    await page.close();
    await seen(others, 'after the first was closed');
    assert.equal(open(), 1);

    const [second, ...rest] = others;
    await second!.close();
    await seen(rest, 'after the second was closed');
    await rest.at(-1)!.getByLabel('Message', { exact: true }).fill('of the last tab');
    await rest.at(-1)!.keyboard.press('Enter');
    await Promise.all(rest.map((tab) => tab.getByRole('log').getByText('of the last tab').waitFor()));
  },
);

test('all tabs are told that the server is gone, and come back with it', needs('chromium'), async (t) => {
  const { page, url, messenger, stopServer, startServer } = await visit(t, { tolerates: /ERR_CONNECTION/ });
  const other = await page.context().newPage();
  await other.goto(url);
  await other.getByLabel('Message', { exact: true }).waitFor();
  await stopServer();
  for (const tab of [page, other]) await tab.getByText('Not connected to the messenger').waitFor();
  await startServer();
  for (const tab of [page, other])
    await tab.getByText('Not connected to the messenger').waitFor({ state: 'detached' });
  messenger.receive({ to: '*', text: 'back' });
  for (const tab of [page, other]) await tab.getByRole('log').getByText('back').waitFor();
});
