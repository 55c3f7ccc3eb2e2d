import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { visit } from './support/browser.js';
import { office } from './support/office.js';

/** `MAILSLOT_PICTURES=1 npm test` writes them; else they are only taken, so that a test changes no file of the checkout. */
const isWanted = process.env['MAILSLOT_PICTURES'] === '1';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a picture of the page, ${colorScheme}`, needs('chromium'), async (t) => {
    const context = { colorScheme, reducedMotion: 'reduce' as const, viewport: { width: 1120, height: 720 } };
    const { page } = await visit(t, { history: office, context });
    await page.getByRole('log').getByText('Fire drill').waitFor();
    await page.getByLabel('Message', { exact: true }).fill('On our way');
    const picture = await page.screenshot({ caret: 'hide' });
    assert.ok(picture.length > 20_000, `${picture.length} bytes`);
    if (!isWanted) return;
    mkdirSync(inRepo('docs/images'), { recursive: true });
    writeFileSync(inRepo(`docs/images/page-${colorScheme}.png`), picture);
  });
}
