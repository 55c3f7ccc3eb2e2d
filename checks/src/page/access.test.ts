import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/needs.js';
import { assertAccessible, until, visit } from './support/browser.js';
import { office } from './support/office.js';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}, wide and narrow, dialogs too`, needs('chromium'), async (t) => {
    const { page } = await visit(t, { history: office, context: { colorScheme, reducedMotion: 'reduce' } });
    await page.getByRole('article').first().waitFor();
    await assertAccessible(page, 'everybody');
    await page.getByLabel('Search messages').fill('the');
    await page.getByText(/^\d+ messages$/).waitFor();
    await assertAccessible(page, 'search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    for (const [key, title] of [
      ['?', 'Keyboard'],
      ['Alt+n', 'Write to'],
    ] as const) {
      await page.locator('body').press(key);
      await page.getByRole('dialog', { name: title }).waitFor();
      await assertAccessible(page, title);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'ANNA' }).click();
    await assertAccessible(page, 'names');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 568 });
    await assertAccessible(page, 'narrow');
    await page.getByRole('navigation').getByRole('button', { name: 'BOB' }).click();
    await page.getByRole('article').first().waitFor();
    await assertAccessible(page, 'narrow conversation');
  });
}

test('the pages for those without the link are for everybody too', needs('chromium'), async (t) => {
  const { page } = await visit(t, { fragment: '' });
  await page.getByRole('heading').waitFor();
  await assertAccessible(page, 'without the link');
});

test(
  '320 pixels are enough: one thing at a time, nothing beside the screen',
  needs('chromium'),
  async (t) => {
    const { page } = await visit(t, { history: office, context: { viewport: { width: 320, height: 568 } } });
    const bob = page.getByRole('navigation').getByRole('button', { name: 'BOB' });
    await bob.waitFor();
    await assertFits(page);
    await bob.click();
    await page.getByRole('log').getByText('Two minutes').waitFor();
    assert.ok(!(await bob.isVisible()));
    await assertFits(page);
    await page.getByLabel('Message', { exact: true }).fill('a word and averyveryverylongword'.repeat(9));
    await assertFits(page);
    await page.getByRole('button', { name: 'Back to all conversations' }).click();
    await bob.waitFor();
  },
);

test('everything can be done with the keyboard alone', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { history: office });
  const { keyboard } = page;
  await page.getByRole('article').first().waitFor();
  await keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await keyboard.press('Alt+c');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await keyboard.press('Alt+j');
  await page.getByRole('heading', { name: 'BOB' }).waitFor();
  await keyboard.press('Alt+r');
  await keyboard.type('jolly good?');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  await page
    .getByRole('article', { name: /Warning from you/ })
    .getByText('jolly good?')
    .waitFor();
  assert.deepEqual([messenger.notes.at(-1)?.to, messenger.notes.at(-1)?.level], ['BOB', 'warning']);
  await keyboard.press('Escape');
  await keyboard.press('/');
  await keyboard.type('tape');
  await page.getByRole('navigation').getByText('1 message', { exact: true }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'NIGHT SHIFT' }).waitFor();
  await keyboard.press('Escape');
  await keyboard.press('Alt+e');
  await page.getByRole('heading', { name: 'Everybody' }).waitFor();
});

test(
  'letters alone do nothing, so that nobody writes to whom it was not meant for',
  needs('chromium'),
  async (t) => {
    const { page } = await visit(t, { history: office });
    const bob = page.getByRole('navigation').getByRole('button', { name: 'BOB' });
    await bob.click();
    await page.getByRole('heading', { name: 'BOB' }).waitFor();
    await page.keyboard.type('necjkr');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await page.getByRole('alert').count(), 1);
    assert.ok(await page.getByRole('heading', { name: 'BOB' }).isVisible());
  },
);

test('who has chosen a name can type at once', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { history: office });
  await page.getByRole('article').first().waitFor();
  for (const name of ['ECHO', 'ECHO']) {
    await page.locator('body').press('Alt+n');
    await page.keyboard.type(name);
    // Before the browser could take another key.
    const focused = await page.evaluate<string>(`(async () => {
      document.querySelector('dialog form').requestSubmit();
      for (let turn = 0; turn < 50; turn++) await null;
      return [document.activeElement.id, document.querySelector('h2').textContent].join(' ');
    })()`);
    assert.equal(focused, `text ${name}`);
  }
  await page.keyboard.press('Alt+n');
  await page.keyboard.type('foxtrot');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Hello everybody');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: /Message from you/ }).waitFor();
  const last = messenger.notes.at(-1);
  assert.deepEqual([last?.to, last?.text], ['FOXTROT', 'Hello everybody']);
});

test('whatever has the focus shows it', needs('chromium'), async (t) => {
  const { page } = await visit(t, { history: office });
  await page.getByRole('article').first().waitFor();
  for (let count = 0; count < 25; count++) {
    await page.keyboard.press('Tab');
    await until(page, `(${marked})(document.activeElement)`);
  }
});

const marked = `(element) => element === document.body ||
  [element, element.nextElementSibling].some((each) => each && getComputedStyle(each).outlineStyle !== 'none')`;

async function assertFits(page: Page): Promise<void> {
  const beside = await page.evaluate<string[]>(
    `Array.from(document.querySelectorAll('body *')).filter((each) => each.checkVisibility() && !each.matches('.unseen, .unseen *, .snippet *') && each.getBoundingClientRect().right > innerWidth + 0.5).map((each) => each.outerHTML.slice(0, 80))`,
  );
  assert.deepEqual(beside, []);
  assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 320);
}
