import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_CLOCK_SKEW_MS, WINDOW_MESSAGES, WINDOW_STALE_MS } from '../limits.js';
import { putRecord, readRecord, recordBytes } from './window-record.js';
import { memoryWindows } from './windows.js';

const log = { warn: (message: string) => assert.fail(message) };
const stamp = 1_700_000_000_000;
const instance = '0123456789abcdef';
/** In which a counter may grow by any number that is tried here. */
const LONG_MS = 2_000_000;

test('a window takes what lies near its highest once, and whatever else it takes never twice', () => {
  const counter = fc.oneof(
    fc.integer({ min: 1, max: 1_200 }),
    fc.integer({ min: 2 ** 32 - 600, max: 2 ** 32 + 600 }),
  );
  fc.assert(
    fc.property(fc.array(counter, { maxLength: 300, size: 'max' }), (counters) => {
      const windows = memoryWindows({ messages: 512 });
      windows.open(stamp, log);
      const office = windows.ofDomain('OFFICE');
      const taken = new Set<number>();
      for (const [at, each] of counters.entries()) {
        const isNew = !taken.has(each);
        const isNear = each > Math.max(0, ...taken) - 512;
        const isTaken =
          typeof office.note({ instance, counter: each, stamp }, at * LONG_MS, 'ALPHA') === 'object';
        if (isNear || !isNew) assert.equal(isTaken, isNew, `${each} after ${[...taken]}`);
        if (isTaken) taken.add(each);
      }
    }),
  );
});

test('whatever counters and time stamps somebody makes up, nothing is taken twice', () => {
  const counter = fc.oneof(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 1, max: 20_000 }));
  const message = fc.record({ counter, later: fc.integer({ min: 0, max: 6 }), isForged: fc.boolean() });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 300, size: 'max' }), (messages) => {
      const windows = memoryWindows({ messages: 512 });
      windows.open(stamp, log);
      const office = windows.ofDomain('OFFICE');
      // A message is its counter and its time; each copy of it bears the same.
      const stamps = new Map<number, number>();
      const taken = new Set<number>();
      for (const [at, { counter, later, isForged }] of messages.entries()) {
        const own = stamps.get(counter) ?? stamp + at + (isForged ? 29_000 : later);
        stamps.set(counter, own);
        const identity = { instance, counter, stamp: own };
        const isTaken = typeof office.note(identity, at * LONG_MS, 'ALPHA') === 'object';
        assert.ok(!(isTaken && taken.has(counter)), `${counter} twice`);
        if (isTaken) taken.add(counter);
        if (isTaken) assert.ok(office.has(identity));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('the same domain has the same windows, however it is spelled', () => {
  const windows = memoryWindows();
  windows.open(stamp, log);
  const identity = { instance, counter: 1, stamp };
  assert.notEqual(windows.ofDomain('Office').note(identity, 0, 'ALPHA'), 'duplicate');
  assert.equal(windows.ofDomain('OFFICE').note(identity, 0, 'ALPHA'), 'duplicate');
  assert.notEqual(windows.ofDomain('LAB').note(identity, 0, 'ALPHA'), 'duplicate');
});

test('a record holds what was put into it', () => {
  const image = Buffer.alloc(3 * recordBytes(512), 0xff);
  const head = {
    tag: 0xfedcba98,
    instance,
    highest: Number.MAX_SAFE_INTEGER,
    stamp,
    floor: stamp - 1,
    start: 7,
    below: 9,
  };
  putRecord(image, recordBytes(512), 512, head);
  assert.deepEqual(readRecord(image, recordBytes(512)), head);
  assert.deepEqual(image.subarray(0, recordBytes(512)), Buffer.alloc(recordBytes(512), 0xff));
  assert.equal(readRecord(Buffer.alloc(recordBytes(512)), 0), undefined);
});

test('the head of a record never lies on two pages, and who is stale cannot come back', () => {
  assert.equal(recordBytes(WINDOW_MESSAGES) % 64, 0);
  assert.ok(WINDOW_STALE_MS > 2 * MAX_CLOCK_SKEW_MS);
});
