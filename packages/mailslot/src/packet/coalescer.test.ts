import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LAN_BATCH, LAN_BUFFER, MAX_OVERTAKEN, MAX_PACKET_MESSAGE } from '../limits.js';
import { type Batch, Coalescer } from './coalescer.js';
import { MessageReader } from './message-reader.js';
import { DOMAIN, datagramOf, INSTANCE } from './packet.test.support.js';

interface Packed {
  readonly to: string;
  readonly computer: string;
  readonly instance: string;
  readonly texts: readonly string[];
}

/** What is in the batches, in their order. */
function taken(coalescer: Coalescer): Packed[] {
  const packed: Packed[] = [];
  for (let batch = coalescer.peek(); batch !== undefined; batch = coalescer.peek()) {
    coalescer.take();
    packed.push(packedIn(batch));
    coalescer.release(batch);
  }
  return packed;
}

function packedIn({ to, bytes, length, messages }: Batch): Packed {
  const decoded = new MessageReader(DOMAIN).read(bytes.subarray(0, length));
  assert.ok(typeof decoded !== 'string', String(decoded));
  assert.equal(decoded.datagrams.length, messages);
  const texts = decoded.datagrams.map(({ data }) => Buffer.from(data).toString());
  return { to, computer: decoded.computer, instance: decoded.instance, texts };
}

const GROUP = '';
const toGroup = { to: GROUP, computer: 'ALPHA', instance: INSTANCE };

test('what waits for one addressee shares a batch, in its order', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  for (const text of ['one', 'two', 'three']) assert.ok(coalescer.put(datagramOf(text), GROUP));
  assert.deepEqual(taken(coalescer), [{ ...toGroup, texts: ['one', 'two', 'three'] }]);
  assert.deepEqual(taken(coalescer), []);
  assert.ok(coalescer.put(datagramOf('four'), GROUP));
  assert.deepEqual(taken(coalescer), [{ ...toGroup, texts: ['four'] }]);
});

test('another addressee, instance or computer has another batch', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  const instance = 'ffffffffffffffff';
  coalescer.put(datagramOf('one'), GROUP);
  coalescer.put(datagramOf('two'), 'BETA');
  coalescer.put(datagramOf('three'), GROUP);
  coalescer.put(datagramOf('four', { identity: { instance, counter: 1, stamp: 0 } }), GROUP);
  coalescer.put(datagramOf('five', { identity: { instance, counter: 2, stamp: 0 }, from: 'GAMMA' }), GROUP);
  coalescer.put(datagramOf('six'), 'BETA');
  assert.deepEqual(taken(coalescer), [
    { ...toGroup, texts: ['one', 'three'] },
    { ...toGroup, to: 'BETA', texts: ['two', 'six'] },
    { ...toGroup, instance, texts: ['four'] },
    { ...toGroup, instance, computer: 'GAMMA', texts: ['five'] },
  ]);
});

test('a message that does not fit begins the next batch, and a long one has its own', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  const half = 'h'.repeat(LAN_BATCH / 2);
  const long = 'l'.repeat(MAX_PACKET_MESSAGE);
  for (const text of ['a', half, half, long, 'b', 'c']) coalescer.put(datagramOf(text), GROUP);
  assert.deepEqual(
    taken(coalescer).map(({ texts }) => texts),
    [['a', half], [half], [long], ['b', 'c']],
  );
});

test('only the last batch for an addressee is not full', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  coalescer.put(datagramOf('a'), GROUP);
  assert.equal(coalescer.hasFull, false);
  coalescer.put(datagramOf('b'.repeat(LAN_BATCH)), GROUP);
  assert.equal(coalescer.hasFull, true);
  coalescer.take();
  assert.equal(coalescer.hasFull, false);
});

test('a message that finds a packet of its way far ahead does not overtake more than receivers can put in order', () => {
  const coalescer = new Coalescer(DOMAIN, 1_000_000, 8_000_000);
  const order: string[] = [];
  coalescer.put(datagramOf('first'), 'A');
  for (let number = 0; number < 2 * MAX_OVERTAKEN; number += 1) {
    coalescer.put(datagramOf(`${number}`), 'B');
    if (number % 100 === 0) coalescer.put(datagramOf(`late ${number}`), 'A');
  }
  for (const { texts } of taken(coalescer)) order.push(...texts);
  const last = order.filter((text) => text.startsWith('late')).at(-1) as string;
  const overtaken = order.slice(order.indexOf(last)).filter((text) => Number(text) < Number(last.slice(5)));
  assert.equal(order.length, 1 + 2 * MAX_OVERTAKEN + 21);
  assert.ok(overtaken.length <= MAX_OVERTAKEN, `${overtaken.length} were overtaken`);
  const groups = order.filter((text) => text.startsWith('late')).length;
  assert.equal(groups, 21);
});

test('what waits is bounded by the memory that it takes, and room comes back', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  let count = 0;
  while (coalescer.put(datagramOf('', { to: { kind: 'computer', name: `C${count}` } }), `C${count}`))
    count += 1;
  assert.equal(count, Math.floor(LAN_BUFFER / LAN_BATCH));
  assert.ok(coalescer.size <= LAN_BUFFER && coalescer.size > LAN_BUFFER - LAN_BATCH);
  assert.ok(coalescer.put(datagramOf(''), `C${count - 1}`), 'a batch that is there has room yet');
  coalescer.take();
  assert.ok(coalescer.put(datagramOf(''), GROUP));
  assert.equal(taken(coalescer).length, count);
  assert.equal(coalescer.size, 0);
});

test('a message that is refused leaves nothing behind', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  assert.throws(() => coalescer.put(datagramOf(Buffer.alloc(MAX_PACKET_MESSAGE + 1)), GROUP), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
  });
  assert.equal(coalescer.size, 0);
  assert.deepEqual(taken(coalescer), []);
});

test('its bytes are copied at once', () => {
  const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
  const data = Buffer.from('one');
  coalescer.put({ ...datagramOf(''), data }, GROUP);
  data.fill(0);
  assert.deepEqual(taken(coalescer)[0]?.texts, ['one']);
});

test('whatever is put comes out whole, in the order of each addressee, in batches as full as they get', () => {
  const put = fc.tuple(fc.constantFrom(GROUP, 'A', 'B'), fc.nat(9000), fc.boolean());
  fc.assert(
    fc.property(fc.array(put, { maxLength: 60 }), (steps) => {
      const coalescer = new Coalescer(DOMAIN, LAN_BATCH, LAN_BUFFER);
      const expected: Record<string, string[]> = { [GROUP]: [], A: [], B: [] };
      const found: Record<string, string[]> = { [GROUP]: [], A: [], B: [] };
      steps.forEach(([to, size, isTaken], number) => {
        const text = `${number} ${'x'.repeat(size)}`;
        assert.ok(coalescer.put(datagramOf(text), to));
        expected[to]!.push(text);
        if (isTaken) for (const batch of taken(coalescer)) found[batch.to]!.push(...batch.texts);
      });
      for (const batch of taken(coalescer)) found[batch.to]!.push(...batch.texts);
      assert.deepEqual(found, expected);
    }),
    { numRuns: 50 },
  );
});
