import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Note } from 'mailslot/messenger';
import { noteFor } from '../testing/notes.js';
import type { Popup, Show } from './popup.js';
import { Popups, type PopupsOptions } from './popups.js';

/** A desktop on which each pop-up stays until the test takes it off. */
class Desk {
  readonly shown: Popup[] = [];
  readonly #answers: ((outcome: 'confirmed' | 'shown') => void)[] = [];
  #changed = (): void => {};

  readonly show: Show = (popup, signal) => {
    this.shown.push(popup);
    this.#changed();
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };

  async has(count: number): Promise<void> {
    while (this.shown.length < count) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  answer(index: number, outcome: 'confirmed' | 'shown'): void {
    this.#answers[index]?.(outcome);
  }
}

const failing: Show = () => Promise.reject(new Error('no desktop'));

function popups(desk: Desk, options: Partial<PopupsOptions> = {}): Popups {
  return new Popups({
    ...{
      show: desk.show,
      instead: failing,
      isQuiet: () => false,
      confirm: () => {},
      warn: () => {},
      pauseMs: 0,
    },
    ...options,
  });
}

const message = (text: string): Note => noteFor({ text });
const alert = (id: string): Note => noteFor({ id, text: id, level: 'alert' });

test('what comes while one is shown is shown as one', async () => {
  const desk = new Desk();
  const all = popups(desk);
  for (const text of ['one', 'two', 'three']) all.see(message(text));
  desk.answer(0, 'shown');
  await desk.has(2);
  assert.deepEqual(
    desk.shown.map(({ title, text }) => [title, text]),
    [
      ['PC3/ANNA', 'one'],
      ['2 messages', 'from PC3/ANNA'],
    ],
  );
  all.close();
});

test('alerts stay until they are confirmed, four at once, and tell who confirmed', async () => {
  const desk = new Desk();
  const confirmed: string[] = [];
  const all = popups(desk, { confirm: (id) => confirmed.push(id) });
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) all.see(alert(id));
  assert.deepEqual(
    desk.shown.map(({ text }) => text),
    ['a', 'b', 'c', 'd'],
  );
  desk.answer(1, 'confirmed');
  await desk.has(5);
  assert.deepEqual(confirmed, ['b']);
  all.confirmed('f');
  all.confirmed('a');
  all.see(alert('g'));
  await desk.has(6);
  assert.deepEqual(
    desk.shown.slice(4).map(({ text }) => text),
    ['e', 'g'],
  );
  all.close();
});

test('who is not to be disturbed sees alerts alone', () => {
  const desk = new Desk();
  const all = popups(desk, { isQuiet: () => true });
  all.see(message('hello'));
  all.see(alert('fire'));
  assert.deepEqual(
    desk.shown.map(({ text }) => text),
    ['fire'],
  );
  all.close();
});

test('what is our own or read already is not shown', () => {
  const desk = new Desk();
  const all = popups(desk);
  all.see(noteFor({ isOwn: true }));
  all.see(noteFor({ isRead: true }));
  assert.deepEqual(desk.shown, []);
});

test('no pause lets the process end while messages wait', async () => {
  // As long as it holds the process, nothing else has to.
  const desk = new Desk();
  const all = popups(desk, { pauseMs: 60_000 });
  const before = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  all.see(message('one'));
  desk.answer(0, 'shown');
  await desk.has(1);
  await new Promise(setImmediate);
  const after = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  assert.equal(after, before + 1);
  all.close();
});

test('a desktop that fails is replaced', async () => {
  const desk = new Desk();
  const all = popups(desk, { show: failing, instead: desk.show });
  all.see(message('hello'));
  await desk.has(1);
  assert.equal(desk.shown[0]?.text, 'hello');
  all.close();
});

test('an alert that expires goes, and one that has expired does not come', async () => {
  const desk = new Desk();
  const all = popups(desk);
  const time = Date.now();
  all.see(noteFor({ text: 'over', level: 'alert', time: time - 2_000, ttl: 1 }));
  for (const id of ['a', 'b', 'c', 'd']) all.see(noteFor({ id, text: id, level: 'alert', time, ttl: 1 }));
  all.see(alert('waiting'));
  assert.deepEqual(
    desk.shown.map(({ text }) => text),
    ['a', 'b', 'c', 'd'],
  );
  await desk.has(5);
  assert.equal(desk.shown[4]?.text, 'waiting');
  all.close();
});

test('an alert whose confirmation cannot be kept is told, and the next one comes', async () => {
  const desk = new Desk();
  const warnings: string[] = [];
  const confirm = (): never => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  const all = popups(desk, { confirm, warn: (text) => warnings.push(text) });
  for (const id of ['a', 'b', 'c', 'd', 'e']) all.see(alert(id));
  desk.answer(0, 'confirmed');
  await desk.has(5);
  assert.equal(desk.shown[4]?.text, 'e');
  assert.deepEqual(warnings, ['confirmed, but that could not be kept: the disk is full']);
  all.close();
});
