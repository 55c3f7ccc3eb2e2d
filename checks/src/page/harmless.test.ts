import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../support/needs.js';
import { until, visit } from './support/browser.js';

const markup = [
  '<script>globalThis.owned = 1</script>',
  '<img src=x onerror="globalThis.owned = 1">',
  '<svg/onload=globalThis.owned=1>',
  '<iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
  '"><style>*{display:none}</style>',
  'javascript:globalThis.owned=1',
  '{{constructor.constructor("globalThis.owned = 1")()}}',
  '</textarea><a href="javascript:owned=1">click</a>',
];

test('markup and scripts are text, wherever they stand', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  for (const text of markup) messenger.receive({ from: text, computer: text, to: '*', text, level: 'alert' });
  for (const text of markup) await page.getByRole('log').getByText(text, { exact: true }).last().waitFor();
  const made = await page.evaluate<number>(
    `document.querySelectorAll('body script, img, iframe, style, a, svg[onload]').length`,
  );
  assert.equal(made, 0);
  assert.equal(await page.evaluate<unknown>('globalThis.owned'), undefined);
});

test('a name with a tag in it can be opened, searched, and written to', needs('chromium'), async (t) => {
  const name = '<B ONMOUSEOVER=OWNED=1>';
  const { page, messenger } = await visit(t);
  messenger.receive({ from: name, text: 'hello' });
  await page.getByRole('navigation').getByRole('button', { name }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.getByLabel('Message', { exact: true }).fill('back');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: /from you/ }).waitFor();
  assert.equal(messenger.notes.at(-1)?.to, name);
});

test(
  'what would reorder or hide text is shown, and keeps to its own message',
  needs('chromium'),
  async (t) => {
    const { page, messenger } = await visit(t);
    messenger.receive({
      to: '*',
      from: 'EVE\u202e',
      text: 'pay \u202e001\u202c now\u0007\u001b[2J\u200b\u{e0041}\ud800',
    });
    const note = page.getByRole('article');
    await note.getByText('pay ⟨202E⟩001⟨202C⟩ now␇␛[2J⟨200B⟩⟨E0041⟩⟨D800⟩').waitFor();
    await note.getByText('EVE⟨202E⟩').waitFor();
    messenger.receive({ to: '*', from: 'DANA', text: 'שלום! family 👨‍👩‍👧 می‌خواهم' });
    await page.getByText('שלום! family 👨‍👩‍👧 می‌خواهم').last().waitFor();
    await until(page, `getComputedStyle(document.querySelector('.words')).unicodeBidi === 'plaintext'`);
  },
);

test(
  '60 KB in one line, a tower of marks and a thousand lines stay in their place',
  needs('chromium'),
  async (t) => {
    const { page, messenger } = await visit(t);
    messenger.receive({ to: '*', text: 'x'.repeat(60_000) });
    messenger.receive({ to: '*', text: `Z${'\u0335\u0321\u0489'.repeat(400)}` });
    messenger.receive({ to: '*', text: 'line\n'.repeat(1000) });
    await page.getByRole('button', { name: 'Show all of it, 60,000 characters' }).click();
    const widths = await page.evaluate<number[]>(
      `[document.documentElement.scrollWidth - innerWidth, ...Array.from(document.querySelectorAll('.notes, .bubble, .words'), (each) => each.scrollWidth - each.clientWidth)]`,
    );
    assert.deepEqual(
      widths.filter((excess) => excess > 0),
      [],
    );
    await until(
      page,
      `Math.max(...Array.from(document.querySelectorAll('.bubble'), (each) => each.clientHeight)) > 1000`,
    );
  },
);
