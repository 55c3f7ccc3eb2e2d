import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openHistory, sendNote, startMessenger } from 'mailslot/messenger';
import type { Page } from 'playwright-core';
import { fakeNetwork } from '../../../packages/cli/dist/page/fake-messenger.test.support.js';
import { startPage } from '../../../packages/cli/dist/page/start-page.js';
import { temporaryFolder } from '../support/folder.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { show } from './support/browser.js';

/** A messenger with slots and a history, and its page. */
async function office(t: TestContext): Promise<{ root: string; history: string; page: Page }> {
  const folder = temporaryFolder(t);
  const [root, history] = [join(folder, 'root'), join(folder, 'history')];
  const messenger = await startMessenger({ root, history, computer: 'ALPHA', user: 'ANNA' });
  const server = await startPage({
    messenger,
    network: fakeNetwork(null),
    folder: inRepo('packages/cli/dist/web'),
  });
  const close = async (): Promise<void> => {
    await server.close();
    await messenger.close();
  };
  return { root, history, page: await show(t, server.url, { close }) };
}

test('what somebody sends is on the page, and read in the history', needs('chromium'), async (t) => {
  const { root, history, page } = await office(t);
  const { id } = await sendNote('ANNA', 'Lunch?', { root, from: 'BOB' });
  await page.getByRole('navigation').getByRole('button', { name: 'BOB' }).click();
  await page
    .getByRole('article', { name: /Message from BOB/ })
    .getByText('Lunch?')
    .waitFor();
  await page.getByRole('navigation').getByText('1 unread message').waitFor({ state: 'detached' });
  assert.equal(openHistory(history).note(id)?.isRead, true);
});

test('what is written on the page comes once, to everybody and to oneself', needs('chromium'), async (t) => {
  const { history, page } = await office(t);
  await page.getByLabel('Message', { exact: true }).fill('to all');
  await page.keyboard.press('Enter');
  await page
    .getByRole('article', { name: /from you/ })
    .getByText('to all')
    .waitFor();
  assert.equal(await page.getByRole('article').count(), 1);
  assert.deepEqual(
    openHistory(history)
      .notes()
      .map(({ text, isOwn }) => [text, isOwn]),
    [['to all', true]],
  );
});

test('a name is added, and messages to it come', needs('chromium'), async (t) => {
  const { root, page } = await office(t);
  await page.getByRole('button', { name: 'ANNA' }).click();
  await page.getByLabel('Another name').fill('night shift');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('NIGHT SHIFT').waitFor();
  await page.keyboard.press('Escape');
  await sendNote('NIGHT SHIFT', 'awake?', { root, from: 'BOB', level: 'alert' });
  await page.getByRole('alert').getByText('awake?').waitFor();
});
