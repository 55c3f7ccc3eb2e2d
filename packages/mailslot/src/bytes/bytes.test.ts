import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { ByteReader, u32At } from './reader.js';
import { ByteWriter, putU32 } from './writer.js';

const read = (hex: string): ByteReader =>
  new ByteReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 'the test');

/** Each kind of field: its size, extremes with their bytes, how to write and how to read it. */
const fields = {
  u8: { size: 1, extremes: { '00': 0, '01': 1, '80': 0x80, ff: 0xff } },
  u16: { size: 2, extremes: { '0000': 0, '0100': 1, '0001': 0x100, '0080': 0x8000, ffff: 0xffff } },
  u32: {
    size: 4,
    extremes: {
      '00000000': 0,
      '01000000': 1,
      '00000080': 0x8000_0000,
      '78563412': 0x1234_5678,
      ffffffff: 0xffff_ffff,
    },
  },
  u64: {
    size: 8,
    extremes: {
      '0000000000000000': 0,
      '0100000000000000': 1,
      ffffffff00000000: 0xffff_ffff,
      '0000000001000000': 0x1_0000_0000,
      '0807060504030200': 0x02_0304_0506_0708,
      ffffffffffff1f00: Number.MAX_SAFE_INTEGER,
    },
  },
} as const;

type Kind = keyof typeof fields;
const kinds = Object.keys(fields) as Kind[];

for (const kind of kinds) {
  const { size, extremes } = fields[kind];

  test(`${kind} is ${size} bytes, the lowest first, at its extremes`, () => {
    for (const [hex, value] of Object.entries(extremes)) {
      assert.equal(Buffer.from(new ByteWriter(size)[kind](value).done()).toString('hex'), hex);
      assert.equal(read(hex)[kind](), value);
    }
  });

  test(`${kind} cut off at any length is refused`, () => {
    for (let length = 0; length < size; length += 1) {
      assert.throws(() => read('00'.repeat(length))[kind](), { code: 'ERR_MAILSLOT_MALFORMED' });
    }
  });
}

test('a u64 that a number cannot hold exactly is refused, not rounded', () => {
  for (const hex of ['00000000 00002000', '01000000 00002000', '00000000 00000080', 'ffffffff ffffffff']) {
    assert.throws(() => read(hex).u64(), { code: 'ERR_MAILSLOT_MALFORMED' });
  }
});

test('words inside other bytes are found at their place', () => {
  const bytes = new Uint8Array(12).fill(0xaa);
  putU32(bytes, 3, 0xdead_beef);
  assert.equal(Buffer.from(bytes).toString('hex'), 'aaaaaaefbeaddeaaaaaaaaaa');
  assert.equal(u32At(bytes, 3), 0xdead_beef);
});

type Field = readonly [kind: Kind, value: number] | readonly [kind: 'slice', value: Uint8Array];

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.tuple(fc.constant('u8' as const), fc.nat(0xff)),
  fc.tuple(fc.constant('u16' as const), fc.nat(0xffff)),
  fc.tuple(fc.constant('u32' as const), fc.nat(0xffff_ffff)),
  fc.tuple(fc.constant('u64' as const), fc.maxSafeNat()),
  fc.tuple(fc.constant('slice' as const), fc.uint8Array({ maxLength: 9 })),
);

function written(layout: readonly Field[]): Uint8Array {
  const size = layout.reduce(
    (sum, [kind, value]) => sum + (kind === 'slice' ? value.length : fields[kind].size),
    0,
  );
  const writer = new ByteWriter(size);
  for (const [kind, value] of layout) {
    if (kind === 'slice') writer.slice(value);
    else writer[kind](value);
  }
  return writer.done();
}

function readBack(layout: readonly Field[], bytes: Uint8Array): Field[] {
  const reader = new ByteReader(bytes, 'the test');
  const found = layout.map(([kind, value]): Field => {
    return kind === 'slice' ? [kind, new Uint8Array(reader.slice(value.length))] : [kind, reader[kind]()];
  });
  assert.equal(reader.left, 0);
  return found;
}

test('any layout comes back as it was written', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), (layout) => {
      assert.deepEqual(readBack(layout, written(layout)), layout);
    }),
  );
});

test('any layout that is cut off anywhere is malformed, and never a RangeError', () => {
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (layout) => {
      const bytes = written(layout);
      for (let length = 0; length < bytes.length; length += 1) {
        assert.throws(
          () => readBack(layout, bytes.subarray(0, length)),
          (error) => error instanceof MailslotError && error.code === 'ERR_MAILSLOT_MALFORMED',
        );
      }
    }),
  );
});

test('the error says in what, where, and how much is missing', () => {
  const reader = read('010203');
  reader.u8();
  assert.throws(() => reader.u32(), {
    message: /^the test is malformed at byte 1: 4 bytes expected, 2 left$/,
  });
  assert.equal(reader.u16(), 0x0302, 'a refused field takes nothing');
});

test('a slice is a view, and a length of zero is one too', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const reader = new ByteReader(bytes, 'the test');
  reader.slice(1);
  reader.slice(2)[0] = 9;
  assert.equal(bytes[1], 9);
  assert.equal(reader.slice(0).length, 0);
});

test('a layout whose size was miscounted does not leave the writer', () => {
  assert.throws(() => new ByteWriter(5).u32(1).done(), RangeError);
  assert.throws(() => new ByteWriter(3).u32(1), RangeError);
  assert.throws(() => new ByteWriter(3).slice(new Uint8Array(4)), RangeError);
});
