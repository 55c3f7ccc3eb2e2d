import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../support/needs.js';
import { assertAccessible, visit } from './support/browser.js';

test('whose name another account has is told so for as long as it is', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  await page.getByLabel('Message', { exact: true }).waitFor();
  const strip = page.getByRole('status').getByText('has your name');
  assert.equal(await strip.count(), 0);

  messenger.squat(4321);
  await strip.waitFor();
  assert.match((await strip.textContent())!, /^uid 4321 has your name ANNA .* does not reach you/);
  await page.getByRole('button', { name: 'ANNA' }).click();
  await page.getByRole('dialog').getByText('uid 4321, who is not that user, has it').waitFor();
  await assertAccessible(page, 'a name that another account has');

  messenger.squat(undefined);
  await strip.waitFor({ state: 'detached' });
  await page.getByRole('dialog').getByText('who is not that user').waitFor({ state: 'detached' });
});
