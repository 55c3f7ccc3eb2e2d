import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptorsRunShort } from './clients.js';
import { type Connected, connected, frame, inboxWith, offer } from './fake-link.test.support.js';

const codeOf = ({ link }: Connected): string | undefined => {
  const last = link.answers.at(-1);
  return last?.type === 'fault' ? last.error.code : undefined;
};

test('when descriptors run short whoever comes is let in, at the cost of the slot that has most clients', () => {
  const [crowded, quiet] = [inboxWith(), inboxWith()];
  const many = Array.from({ length: 9 }, () => connected(crowded, 1));
  const active = connected(quiet, 2);
  offer(active.writer, frame(''));
  descriptorsRunShort();
  const later = Array.from({ length: 5 }, () => connected(quiet, 3));
  assert.equal(crowded.writers.size, 4);
  assert.deepEqual(many.slice(0, 5).map(codeOf), Array(5).fill('ERR_MAILSLOT_NO_RESOURCES'));
  assert.deepEqual([active, ...later].map(codeOf), Array(6).fill(undefined));
  // Far fewer: what took the descriptors may have gone as well.
  for (const { writer } of [...many, active, ...later]) writer.gone();
  const next = Array.from({ length: 50 }, () => connected(crowded, 4));
  assert.ok(next.every((each) => codeOf(each) === undefined));
  for (const { writer } of next) writer.gone();
});
