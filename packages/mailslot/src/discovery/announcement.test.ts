import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { type Announcement, decode, encodeAnnouncement, encodeGoodbye } from './announcement.js';
import { encodeRoster, type RosterEntry } from './roster-part.js';

const facts = {
  intervalMs: 30_000,
  runningSeconds: 3600,
  machine: '0123456789abcdef',
  offers: ['messenger', 'x'],
};

const announcement: Announcement = {
  kind: 'announcement',
  asks: 2,
  formerly: 'fedcba9876543210',
  facts,
};

/** Written by hand; the examples of docs/wire/browse.md. */
const factsHex = ['30750000', '100e0000', '0123456789abcdef', '02', '096d657373656e676572', '0178'].join('');
const announcementHex = ['01', '01', '02', '00', 'fedcba9876543210', factsHex].join('');
const rosterHex = [
  ['01', '03', '01', '00', '0000', '0100', '0100'],
  ['1122334455667788', 'e8030000', '0500', '414c504841', '08', '31302e302e302e31'],
  [factsHex],
]
  .flat()
  .join('');

const entry: RosterEntry = {
  instance: '1122334455667788',
  computer: 'ALPHA',
  address: '10.0.0.1',
  ageMs: 1000,
  facts,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Buffer => Buffer.from(text, 'hex');

test('the page shows the same bytes', () => {
  const page = readFileSync(new URL('../../../../docs/wire/browse.md', import.meta.url), 'utf8');
  const examples = Array.from(page.matchAll(/```text\n((?:[0-9a-f]{2} .*\n)[^`]*)```/g), ([, text = '']) =>
    text
      .split('\n')
      .map((line) => line.split('  ')[0]?.replaceAll(' ', ''))
      .join(''),
  );
  assert.deepEqual(examples.slice(0, 2), [announcementHex, rosterHex]);
});

test('an announcement is laid out as its picture says', () => {
  assert.equal(hex(encodeAnnouncement(announcement)), announcementHex);
  assert.deepEqual(decode(bytes(announcementHex)), announcement);
});

test('who replaces nobody says zeros', () => {
  const first = { ...announcement, formerly: undefined };
  assert.equal(hex(encodeAnnouncement(first)).slice(8, 24), '0'.repeat(16));
  assert.deepEqual(decode(encodeAnnouncement(first)), first);
});

test('a goodbye is two bytes', () => {
  assert.equal(hex(encodeGoodbye()), '0102');
  assert.deepEqual(decode(encodeGoodbye()), { kind: 'goodbye' });
});

test('a part of a roster is laid out as its picture says', () => {
  assert.deepEqual(encodeRoster([entry], true, 1000).map(hex), [rosterHex]);
  assert.deepEqual(decode(bytes(rosterHex)), {
    kind: 'roster',
    isForAll: true,
    part: 0,
    parts: 1,
    entries: [entry],
  });
});

const id = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(hex);
const anyFacts = fc.record(
  {
    intervalMs: fc.integer({ min: 1000, max: 2_000_000 }),
    runningSeconds: fc.nat(0xffff_ffff),
    machine: id,
    offers: fc.array(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,31}$/), { maxLength: 8 }),
  },
  { noNullPrototype: true },
);
const anyEntry = fc.record(
  {
    instance: id,
    computer: fc.stringMatching(/^[A-Zäß😀][-A-Z0-9 ñ😀]{0,100}$/u),
    address: fc.stringMatching(/^[!-~]{0,64}$/),
    ageMs: fc.nat(0xffff_ffff),
    facts: anyFacts,
  },
  { noNullPrototype: true },
);

test('every roster comes back, whole and in order, in parts that keep to the limit', () => {
  fc.assert(
    fc.property(
      fc.array(anyEntry, { maxLength: 30 }),
      fc.boolean(),
      fc.integer({ min: 1000, max: 9000 }),
      (entries, isForAll, limit) => {
        const parts = encodeRoster(entries, isForAll, limit);
        const decoded = parts.map((part) => decode(part));
        assert.ok(parts.every((part) => part.length <= limit));
        const read = decoded.flatMap((each) => {
          assert.ok(each?.kind === 'roster' && each.parts === parts.length && each.isForAll === isForAll);
          return each.entries;
        });
        assert.deepEqual(read, entries);
      },
    ),
  );
});

test('an entry that fits into no message is left out, and the others are told', () => {
  const long = { ...entry, computer: 'L'.repeat(200) };
  const [part] = encodeRoster([long, entry], false, 150);
  const decoded = decode(part ?? Buffer.alloc(0));
  assert.deepEqual(decoded?.kind === 'roster' && decoded.entries, [entry]);
});

test('an address that could not be shown is not told to others', () => {
  for (const address of ['a b', '\u001b[31m', 'x'.repeat(256)]) {
    const [part] = encodeRoster([{ ...entry, address }], false, 1000);
    const decoded = decode(part ?? Buffer.alloc(0));
    assert.deepEqual(decoded?.kind === 'roster' && decoded.entries, [{ ...entry, address: '' }]);
  }
});

/** What hostile bytes come to: a value, or the one error. */
function decodes(hostile: Uint8Array): boolean {
  try {
    return decode(hostile) !== undefined;
  } catch (error) {
    assert.ok(error instanceof MailslotError && error.code === 'ERR_MAILSLOT_MALFORMED', String(error));
    return false;
  }
}

test('a message that is cut off anywhere is malformed', () => {
  for (const whole of [announcementHex, rosterHex].map(bytes)) {
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => decode(whole.subarray(0, length)), { code: 'ERR_MAILSLOT_MALFORMED' });
    }
  }
});

test('each single byte changed to each value decodes or is refused', () => {
  let taken = 0;
  for (const whole of [announcementHex, rosterHex].map(bytes)) {
    for (let at = 0; at < whole.length; at += 1) {
      for (let value = 0; value < 0x100; value += 1) {
        const changed = Buffer.from(whole);
        changed[at] = value;
        taken += Number(decodes(changed));
      }
    }
  }
  assert.ok(taken > 1000, `${taken} decoded`);
});

test('random bytes decode or are refused', () => {
  const beginnings = fc.constantFrom([], [1, 1], [1, 3], [1, 3, 0, 0, 0, 0, 1, 0]);
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ maxLength: 300 }), (beginning, rest) => {
      decodes(Buffer.from([...beginning, ...rest]));
    }),
    { numRuns: 2000 },
  );
});

/** The hand-written message with other bytes at one place. */
const changed = (text: string, from: string, to: string): Buffer => {
  assert.equal(text.split(from).length, 2, `${from} stands there once`);
  return bytes(text.replace(from, to));
};

const refused: Readonly<Record<string, Buffer>> = {
  'an interval below a second': changed(announcementHex, '30750000', 'e7030000'),
  'an interval that keeps an entry alive for a day': changed(announcementHex, '30750000', '005c2605'),
  'more offers than there may be': changed(announcementHex, '02096d65', '09096d65'),
  'an empty offer': bytes(announcementHex.replace('0178', '0000')),
  'an offer that a terminal would obey': bytes(announcementHex.replace('0178', '011b')),
  'a part behind the last one': changed(rosterHex, '01030100000001000100', '01030100010001000100'),
  'a name with a slash': bytes(rosterHex.replace('414c504841', '412f504841')),
  'a name that is every computer': bytes(rosterHex.replace('0500414c504841', '01002a')),
  'an empty name': bytes(rosterHex.replace('0500414c504841', '0000')),
  'a name that is not UTF-8': bytes(rosterHex.replace('414c504841', '41ff504841')),
  'a name with a NUL': bytes(rosterHex.replace('414c504841', '4100504841')),
  'an address with an escape': bytes(rosterHex.replace('31302e302e302e31', '1b302e302e302e31')),
};

for (const [what, hostile] of Object.entries(refused)) {
  test(`${what} is malformed`, () => {
    assert.throws(() => decode(hostile), { code: 'ERR_MAILSLOT_MALFORMED' });
  });
}

test('what a later version says is ignored, and what it adds to this one too', () => {
  assert.equal(decode(bytes(`02${announcementHex.slice(2)}`)), undefined);
  assert.equal(decode(bytes('0104')), undefined);
  assert.deepEqual(decode(bytes(`${announcementHex}ffff`)), announcement);
  assert.deepEqual(decode(bytes('0102ffff')), { kind: 'goodbye' });
});
