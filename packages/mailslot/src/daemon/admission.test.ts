import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import {
  MAX_OPENED_CONNECTIONS,
  MAX_SILENT_CONNECTIONS,
  MAX_SLOT_CONNECTIONS,
  MAX_UNFINISHED_LINES,
} from '../limits.js';
import { Admission } from './admission.js';

const ENOUGH = 1_000_000;

test('where there is no room for one more that has said nothing, the one that has for longest goes', () => {
  const { enter, gone } = crowd(ENOUGH);
  for (let at = 0; at < MAX_SILENT_CONNECTIONS + 2; at += 1) enter(`${at}`);
  assert.deepEqual(gone, ['0', '1']);
});

test('who has said nothing never takes the place of who has shown something', () => {
  const { admission, enter, gone } = crowd(ENOUGH);
  for (const standing of ['asking', 'finding', 'watching', 'opened', 'writing', 'slot'] as const) {
    admission.promote(enter(standing), standing);
  }
  for (let at = 0; at < 3 * MAX_SILENT_CONNECTIONS; at += 1) enter(`${at}`);
  assert.equal(gone.length, 2 * MAX_SILENT_CONNECTIONS);
  assert.ok(gone.every((name) => /^\d+$/.test(name)));
});

test('a client that has written anything stays while others open names and write nothing', () => {
  const { admission, enter, gone } = crowd(ENOUGH);
  const writer = enter('writer');
  admission.promote(writer, 'opened');
  admission.promote(writer, 'writing');
  for (let at = 0; at < MAX_OPENED_CONNECTIONS + 1; at += 1) admission.promote(enter(`${at}`), 'opened');
  assert.deepEqual(gone, ['0']);
});

test('of many slots one of the user who has most makes room, whoever came first', () => {
  const { admission, enter, gone } = crowd(ENOUGH);
  admission.promote(enter('alice'), 'slot', { owner: 1 });
  for (let at = 0; at < MAX_SLOT_CONNECTIONS; at += 1) {
    admission.promote(enter(`mallory ${at}`), 'slot', { owner: 2 });
  }
  admission.promote(enter('bob'), 'slot', { owner: 3 });
  assert.deepEqual(gone, ['mallory 0', 'mallory 1']);
});

test('first lines without an end are bounded all together; the oldest goes, and whoever has finished stays', () => {
  const { admission, enter, gone } = crowd(ENOUGH);
  const half = MAX_UNFINISHED_LINES / 2;
  const done = enter('done');
  admission.heard(done, half);
  admission.promote(done, 'asking');
  admission.heard(enter('first'), half);
  admission.heard(enter('second'), half);
  assert.deepEqual(gone, []);
  admission.heard(enter('third'), 1);
  assert.deepEqual(gone, ['first']);
});

test('who hangs up makes room', () => {
  const { admission, enter, gone } = crowd(ENOUGH);
  const first = enter('first');
  admission.heard(first, MAX_UNFINISHED_LINES);
  first.emit('close');
  admission.heard(enter('second'), MAX_UNFINISHED_LINES);
  assert.deepEqual(gone, []);
});

test('where the system gives few descriptors there is room for fewer, and always for one', () => {
  const few = crowd(500);
  for (let at = 0; at < MAX_SILENT_CONNECTIONS; at += 1) few.enter(`${at}`);
  assert.ok(MAX_SILENT_CONNECTIONS - few.gone.length < 500 / 4);
  const none = crowd(10);
  for (const name of ['one', 'two']) none.enter(name);
  assert.deepEqual(none.gone, ['one']);
});

/** Connections by name, and the names of those that had to go, in that order. */
function crowd(descriptors: number) {
  const admission = new Admission(descriptors);
  const gone: string[] = [];
  const enter = (name: string): Socket => {
    const socket = new EventEmitter() as Socket;
    admission.enter(socket, ({ code }) => {
      assert.equal(code, 'ERR_MAILSLOT_NO_RESOURCES');
      gone.push(name);
    });
    return socket;
  };
  return { admission, enter, gone };
}
