import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { FakeMessenger } from '../../../packages/cli/dist/page/fake-messenger.test.support.js';
import { needs } from '../support/needs.js';
import { until, visit } from './support/browser.js';

const MANY = 10_000;

/** On a quiet machine 150 ms. */
const FIRST_PAINT_MS = 1000;

/**
 * Sixty frames a second are one each 16.7 ms. On two processors that others use too, and without a graphics card, single
 * frames are late; not the usual one.
 */
const USUAL_FRAME_MS = 18;
const LATE_FRAME_MS = 50;
const LATE_FRAMES = 0.1;

function manyNotes(past: FakeMessenger): void {
  for (let count = 0; count < MANY; count++) {
    const text = `message ${count} ${'of some words '.repeat((count * 7) % 23)}`;
    past.receive({ to: '*', from: `USER${(count >> 2) % 9}`, text, isRead: count < MANY / 2 });
  }
}

test(
  `${MANY} messages: there within a second, and they scroll at 60 frames`,
  needs('chromium'),
  async (t) => {
    const { page } = await visit(t, { history: manyNotes });
    await page
      .getByText(`message ${MANY - 1} `)
      .last()
      .waitFor();
    const [paint] = await page.evaluate<number[]>(
      `performance.getEntriesByName('first-contentful-paint').map(({ startTime }) => startTime)`,
    );
    assert.ok(paint! < FIRST_PAINT_MS, `first paint after ${paint} ms`);

    // Those that wait for nothing but the scrolling.
    const frames = await page.evaluate<number[]>(scrolling);
    const sorted = frames.toSorted((one, other) => one - other);
    const usual = sorted[sorted.length >> 1]!;
    const late = frames.filter((frame) => frame > LATE_FRAME_MS).length / frames.length;
    t.diagnostic(
      `first paint ${Math.round(paint!)} ms, usual frame ${usual.toFixed(1)} ms, ${(late * 100).toFixed(1)} % late`,
    );
    assert.ok(frames.length > 300, `${frames.length} frames`);
    assert.ok(usual < USUAL_FRAME_MS, `the usual frame took ${usual} ms`);
    assert.ok(late < LATE_FRAMES, `${late * 100} % of the frames took over ${LATE_FRAME_MS} ms`);
  },
);

test(
  'all of them can be scrolled to, and on the page are only those in sight',
  needs('chromium'),
  async (t) => {
    const { page } = await visit(t, { history: manyNotes });
    await page
      .getByText(`message ${MANY - 1} `)
      .last()
      .waitFor();
    await until(page, toTop);
    await page.getByText('message 0 ').last().waitFor();
    const rows = await page.evaluate<number>(`document.querySelectorAll('.row').length`);
    assert.ok(rows < 100, `${rows} rows`);
    await page.getByRole('button', { name: 'Latest' }).click();
    await page
      .getByText(`message ${MANY - 1} `)
      .last()
      .waitFor();
  },
);

test('what is read stays where it is while others come, above and below', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { history: manyNotes });
  await page
    .getByText(`message ${MANY - 1} `)
    .last()
    .waitFor();
  await page.getByRole('log').hover();
  await page.mouse.wheel(0, -2500);
  await page.getByRole('button', { name: 'Latest' }).waitFor();
  await settled(page);
  const before = await page.evaluate<[string, number]>(firstInSight);
  for (let count = 0; count < 50; count++) messenger.receive({ to: '*', text: `new ${count}` });
  await page.getByRole('navigation').getByText('new 49').waitFor();
  await settled(page);
  assert.deepEqual(await page.evaluate(firstInSight), before);
});

test('a flood leaves the page usable', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
  let sent = 0;
  const flood = setInterval(() => {
    for (let count = 0; count < 20; count++) messenger.receive({ to: '*', text: `flood ${sent++}` });
  }, 20);
  t.after(() => clearInterval(flood));
  const field = page.getByLabel('Message', { exact: true });
  await field.pressSequentially('stop that please, all of you');
  await field.press('Enter');
  await page.getByRole('article', { name: /from you/ }).waitFor();
  while (sent < 5000) await page.evaluate('new Promise(requestAnimationFrame)');
  clearInterval(flood);
  await page
    .getByText(`flood ${sent - 1}`, { exact: true })
    .last()
    .waitFor();
});

/** Scrolls up through everything that is there, a screen each quarter of a second, and tells how long each frame took. */
const scrolling = `new Promise((resolve) => {
  const list = document.querySelector('.notes');
  const frames = [];
  let last = performance.now();
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    list.scrollTop -= 40;
    if (frames.length < 400) requestAnimationFrame(frame);
    else resolve(frames.slice(10));
  };
  requestAnimationFrame(frame);
})`;

/** Goes to the top until there is nothing above it any more. */
const toTop = `(() => {
  const list = document.querySelector('.notes');
  list.scrollTop = 0;
  return document.querySelector('.words')?.textContent.startsWith('message 0 ');
})()`;

const firstInSight = `(() => {
  const top = document.querySelector('.notes').getBoundingClientRect().top;
  const row = Array.from(document.querySelectorAll('.row')).find((each) => each.getBoundingClientRect().bottom > top + 1);
  return [row.textContent, Math.round(row.getBoundingClientRect().top)];
})()`;

/** Resolves when nothing has moved for some frames. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.notes');
    let before = '';
    let same = 0;
    const frame = () => {
      const now = list.scrollTop + ' ' + list.scrollHeight;
      same = now === before ? same + 1 : 0;
      before = now;
      if (same > 10) resolve();
      else requestAnimationFrame(frame);
    };
    frame();
  })`);
}
