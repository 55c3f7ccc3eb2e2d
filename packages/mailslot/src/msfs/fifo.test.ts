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
  removeFromTheMiddle(fifo, model, next) {
    const item = model[next % (model.length || 1)];
    if (item === undefined) return;
    assert.equal(fifo.remove(item), true);
    model.splice(model.indexOf(item), 1);
  },
  removeWhatIsNotThere: (fifo) => assert.equal(fifo.remove(-1), false),
  clear(fifo, model) {
    fifo.clear();
    model.length = 0;
  },
};

/** Mostly pushes and shifts, so that the ring fills, grows, and turns over. */
const anyCommand = fc.oneof(
  { weight: 12, arbitrary: fc.constant('push') },
  { weight: 8, arbitrary: fc.constant('shift') },
  { weight: 2, arbitrary: fc.constant('removeFromTheMiddle') },
  { weight: 1, arbitrary: fc.constantFrom('removeWhatIsNotThere', 'clear') },
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

test('of equal items the first one is removed', () => {
  const fifo = new Fifo<string>();
  for (const item of ['a', 'b', 'a']) fifo.push(item);
  fifo.remove('a');
  assert.deepEqual([...fifo], ['b', 'a']);
});
