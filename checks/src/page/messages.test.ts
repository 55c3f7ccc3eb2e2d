import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from 'playwright-core';
import { needs } from '../support/needs.js';
import { assertAccessible, until, visit } from './support/browser.js';

test('a message comes, is counted, is read when it is looked at', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  const bob = page.getByRole('navigation').getByRole('button', { name: 'BOB' });
  messenger.receive({ text: 'Lunch?' });
  await bob.getByText('1', { exact: true }).waitFor();
  assert.match(await page.title(), /^\(1\)/);
  await page.locator('[aria-live=polite]').getByText('New message from BOB: Lunch?').waitFor();

  await bob.click();
  await page
    .getByRole('article', { name: /Message from BOB/ })
    .getByText('Lunch?')
    .waitFor();
  await until(page, 'document.title === "Mailslot"');
  assert.deepEqual(messenger.confirmed, [messenger.notes[0]!.id]);
  await page.getByText('on BRAVO').waitFor();
});

test(
  'what is written is sent once, with its level, and shows what became of it',
  needs('chromium'),
  async (t) => {
    const { page, messenger } = await visit(t, { history: (past) => past.receive({ text: 'Lunch?' }) });
    await page.getByRole('navigation').getByRole('button', { name: 'BOB' }).click();
    const field = page.getByLabel('Message', { exact: true });
    await field.fill('Yes');
    await field.press('Shift+Enter');
    await field.pressSequentially('at noon');
    await page.getByRole('radio', { name: 'Warning' }).check();
    await page.getByLabel('Ask who reads it').check();
    await field.press('Enter');
    const own = page.getByRole('article', { name: /Warning from you/ });
    await own.getByText('sent').waitFor();
    assert.equal(await field.inputValue(), '');
    const [, sent] = messenger.notes;
    assert.deepEqual(
      [messenger.notes.length, sent?.to, sent?.text, sent?.level],
      [2, 'BOB', 'Yes\nat noon', 'warning'],
    );

    messenger.receipt(sent!.id, { name: 'BOB', computer: 'BRAVO', kind: 'delivered', time: 1 });
    await own.getByText('delivered to BOB').waitFor();
    messenger.receipt(sent!.id, { name: 'BOB', computer: 'BRAVO', kind: 'read', time: 2 });
    await own.getByText('read by BOB').waitFor();
  },
);

test('a name that nobody answers to is told, and one can send all the same', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { tolerates: /422/ });
  await page.keyboard.press('Alt+n');
  await page.getByRole('combobox', { name: 'Name' }).fill('nobody');
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Message', { exact: true });
  await field.fill('Are you there?');
  await field.press('Enter');
  const told = page.getByRole('alert').filter({ hasText: 'nobody answers to NOBODY' });
  await told.waitFor();
  assert.equal(await field.inputValue(), 'Are you there?');
  assert.deepEqual(messenger.notes, []);
  await assertAccessible(page, 'nobody answers');
  await told.getByRole('button', { name: 'Send anyway' }).click();
  await page.getByRole('article', { name: /Message from you/ }).waitFor();
  await told.waitFor({ state: 'detached' });
  assert.deepEqual(
    messenger.notes.map(({ to, text }) => [to, text]),
    [['NOBODY', 'Are you there?']],
  );
});

test('who writes to everybody is told before how many that are', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  await page.getByText('Goes to 3 computers of OFFICE.').waitFor();
  await page.getByRole('radio', { name: 'Alert' }).check();
  await page.getByText('and stays on their screens until it is confirmed').waitFor();
  await page.getByLabel('Message', { exact: true }).fill('Fire drill');
  await page.getByRole('button', { name: 'Send to all' }).click();
  await page.getByRole('article', { name: /Alert from you/ }).waitFor();
  assert.deepEqual([messenger.notes[0]?.to, messenger.notes[0]?.level], ['*', 'alert']);
  assert.ok(await page.getByLabel('Info').isChecked());
});

test('an alert stays on top until it is confirmed, over a reload too', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t);
  const { id } = messenger.receive({ to: '*', level: 'alert', text: 'The server room is hot' });
  const alert = page.getByRole('alert').filter({ hasText: 'The server room is hot' });
  await alert.waitFor();
  await page.getByRole('article', { name: /Alert from BOB/ }).waitFor();
  await page.reload();
  await alert.waitFor();
  assert.deepEqual(messenger.confirmed, []);
  await page.getByRole('button', { name: 'Confirm the alert from BOB' }).click();
  await alert.waitFor({ state: 'detached' });
  assert.deepEqual(messenger.confirmed, [id]);
});

test('a search finds, and leads to where it was said', needs('chromium'), async (t) => {
  const { page } = await visit(t, {
    history: (past) => {
      for (let count = 0; count < 50; count++) past.receive({ text: `chatter ${count}` });
      past.receive({ from: 'EVE', text: 'the needle is here' });
    },
  });
  const navigation = page.getByRole('navigation');
  await page.getByLabel('Search messages').fill('NEEDLE');
  await navigation.getByText('1 message', { exact: true }).waitFor();
  await navigation.getByRole('button', { name: 'EVE' }).click();
  await page.getByRole('log').getByText('the needle is here').waitFor();
  await page.getByLabel('Search messages').fill('nowhere');
  await page.getByText('Nothing found').waitFor();
  await page.keyboard.press('Escape');
  await navigation.getByRole('button', { name: 'BOB' }).waitFor();
});

test('a name is completed from computers and from who wrote before', needs('chromium'), async (t) => {
  const { page, messenger } = await visit(t, { history: (past) => past.receive({ from: 'BRUNO' }) });
  await page.getByRole('button', { name: 'New' }).click();
  const name = page.getByRole('combobox', { name: 'Name' });
  await name.fill('br');
  const offered = page.getByRole('option');
  assert.deepEqual(await offered.locator('.name').allTextContents(), ['BRUNO', 'BRAVO', 'br']);
  await name.press('ArrowDown');
  await name.press('Enter');
  await page.getByRole('heading', { name: 'BRAVO' }).waitFor();
  await page.keyboard.type('Hello there');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: /Message from you/ }).waitFor();
  assert.equal(messenger.notes.at(-1)?.to, 'BRAVO');
});

test('what the messenger refuses is said, and what was typed stays', needs('chromium'), async (t) => {
  const { page } = await visit(t, { tolerates: /422/ });
  await page.getByRole('button', { name: 'New' }).click();
  await page.getByRole('combobox', { name: 'Name' }).fill('a/b');
  await page.keyboard.press('Enter');
  await page
    .getByText('a/b is no messenger name')
    .or(page.getByText('A/B is no messenger name'))
    .or(page.getByRole('heading', { name: 'A/B' }))
    .first()
    .waitFor();
  await page.getByLabel('Message', { exact: true }).fill('kept');
  await page.keyboard.press('Enter');
  await page.getByText('A/B is no messenger name').waitFor();
  assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'kept');
});

test(
  'while a message is being sent, what is typed and where one goes stays',
  needs('chromium'),
  async (t) => {
    const { page, messenger } = await visit(t, { tolerates: /422/, history: (past) => past.receive({}) });
    const navigation = page.getByRole('navigation');
    const field = page.getByLabel('Message', { exact: true });
    let held: Route[] = [];
    let isHeld = (): void => {};
    await page.route('**/api/send', (route) => {
      held.push(route);
      isHeld();
    });
    const sending = async (text: string): Promise<void> => {
      const asked = new Promise<void>((resolve) => {
        isHeld = resolve;
      });
      await field.fill(text);
      await field.press('Enter');
      await asked;
    };
    const answered = async (text: string): Promise<void> => {
      const answer = page.waitForResponse((each) => each.request().postData()?.includes(text) === true);
      for (const route of held) await route.continue();
      held = [];
      await (await answer).finished();
      // What the page makes of it.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    };

    await page.getByRole('button', { name: 'New' }).click();
    await page.keyboard.type('a/b');
    await page.keyboard.press('Enter');
    await sending('refused');
    await page.keyboard.type('typed since');
    await answered('refused');
    await page.getByText('A/B is no messenger name').waitFor();
    assert.equal(await field.inputValue(), 'refused\ntyped since');

    await sending('refused again');
    await navigation.getByRole('button', { name: 'BOB' }).click();
    await navigation.getByRole('button', { name: 'A/B' }).waitFor({ state: 'detached' });
    await sending('for Bob');
    await navigation.getByRole('button', { name: 'Everybody' }).click();
    await page.getByRole('heading', { name: 'Everybody' }).waitFor();
    await answered('for Bob');
    await navigation.getByText('You: for Bob').waitFor();
    assert.ok(await page.getByRole('heading', { name: 'Everybody' }).isVisible());
    assert.equal(await field.inputValue(), '');
    assert.equal(messenger.notes.at(-1)?.to, 'BOB');
  },
);

test('names are added and removed; a taken one is refused with the reason', needs('chromium'), async (t) => {
  const { page } = await visit(t, { tolerates: /422/ });
  await page.getByRole('button', { name: 'ANNA' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your names' });
  const field = dialog.getByLabel('Another name');
  await field.fill('TAKEN');
  await field.press('Enter');
  await dialog.getByText('TAKEN is taken on BRAVO').waitFor();
  await field.fill('night shift');
  await field.press('Enter');
  await dialog.getByText('NIGHT SHIFT').waitFor();
  await dialog.getByRole('button', { name: 'Remove NIGHT SHIFT' }).click();
  await dialog.getByText('NIGHT SHIFT').waitFor({ state: 'detached' });
});

test('who may is told on the desktop, of an alert until it is confirmed', needs('chromium'), async (t) => {
  const { page, messenger, url } = await visit(t);
  await page.context().grantPermissions(['notifications'], { origin: new URL(url).origin });
  await page.addInitScript(`
    globalThis.shown = [];
    globalThis.Notification = class {
      static permission = 'granted';
      constructor(title, options) { shown.push({ title, ...options }); }
    };
    document.hasFocus = () => false;`);
  await page.reload();
  await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
  messenger.receive({ level: 'alert', text: 'hot' });
  await until(page, 'shown.length === 1');
  const [shown] = await page.evaluate<Record<string, unknown>[]>('shown');
  assert.deepEqual(
    [shown?.['title'], shown?.['body'], shown?.['requireInteraction']],
    ['ALERT: BOB on BRAVO', 'hot', true],
  );
});
