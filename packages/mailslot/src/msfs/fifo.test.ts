import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fifo } from './fifo.js';

type Command = (fifo: Fifo<number>, model: number[], next: number) => void;

const commands: Readonly<Record<string, Command>> = {
  push(fifo, model, next) {
    fifo.push(next);
    model.push(next);
  },
  shift: (fifo, model) => assert.equal(fifo.shift(), model.shift()),
  clear(fifo, model) {
    fifo.clear();
    model.length = 0;
  },
};

/** Mostly pushes and shifts, so that the ring fills, grows, and turns over. */
const anyCommand = fc.oneof(
  { weight: 12, arbitrary: fc.constant('push') },
  { weight: 8, arbitrary: fc.constant('shift') },
  { weight: 1, arbitrary: fc.constant('clear') },
);

test('it behaves as an array, whatever is done in whatever order', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 200, size: 'max' }), (names) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      for (const [next, name] of names.entries()) {
        commands[name]?.(fifo, model, next);
        assert.equal(fifo.length, model.length);
        assert.equal(fifo.peek(), model[0]);
      }
      assert.deepEqual([...fifo], model);
    }),
    { numRuns: 300 },
  );
});

test('it grows while it is turned over', () => {
  const fifo = new Fifo<number>();
  for (let item = 0; item < 6; item += 1) fifo.push(item);
  for (let item = 0; item < 5; item += 1) assert.equal(fifo.shift(), item);
  for (let item = 6; item < 100; item += 1) fifo.push(item);
  assert.deepEqual([...fifo], [5, ...Array.from({ length: 94 }, (_, at) => at + 6)]);
});
