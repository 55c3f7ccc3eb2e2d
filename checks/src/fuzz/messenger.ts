import assert from 'node:assert/strict';
import { MAX_NOTE_BYTES, MAX_NOTE_TEXT } from '../../../packages/mailslot/dist/limits.js';
import { type Body, decodeBody, encodeBody } from '../../../packages/mailslot/dist/messenger/body.js';
import { noteLine, parseLine } from '../../../packages/mailslot/dist/messenger/history-lines.js';
import { isReplySlot } from '../../../packages/mailslot/dist/messenger/name.js';
import { decodeOld, encodeOld } from '../../../packages/mailslot/dist/messenger/old-body.js';
import { bytesOf, type Dice, pick } from './dice.js';
import { spoiled } from './json.js';
import { mutated } from './mutate.js';
import { decoded, type Target } from './target.js';

const PAGES = ['ibm437', 'ibm850', 'windows-1252'] as const;

/** What comes for people, and what is kept of it. */
export const messenger: readonly Target[] = [
  {
    name: 'note',
    share: 2,
    make: (dice) => jsonBytes(encodeBody(bodyOf(dice)), dice),
    check(input) {
      const body = decoded(() => decodeBody(input));
      if (body === undefined) return;
      checkBody(body);
      // What was padded, or said by escapes that nobody needs, only becomes shorter.
      assert.deepEqual(decodeBody(encodeBody(body)), body);
    },
  },
  {
    name: 'old-note',
    share: 1,
    make: (dice) => mutated(encodeOld({ from: 'ANNA', to: 'BOB', text: textOf(dice) }, 'ibm850'), dice),
    check(input, dice) {
      const page = pick(dice, PAGES);
      const body = decoded(() => decodeOld(input, page));
      if (body === undefined) return;
      assert.ok(body.text.length <= input.length && !body.text.includes('\0'));
      // A lone line feed is a line break as well, and names are no place for one.
      const again = decodeOld(encodeOld(body, page), page);
      assert.deepEqual(again, { ...body, from: again.from, to: again.to });
    },
  },
  {
    name: 'history',
    share: 1,
    make(dice) {
      const { kind: _kind, ...fields } = { ...messageOf(dice), via: undefined };
      const kept = { computer: 'PC7', authenticated: true, receivedAt: 1_767_225_600_000 };
      const note = { ...fields, ...kept, isOwn: dice(2) === 0, isRead: false, isNotice: false, receipts: [] };
      const receipt = { of: fields.id, name: 'BOB', computer: 'PC7', kind: 'read', time: 1_767_225_600_000 };
      const lines = [
        noteLine(note),
        JSON.stringify({ read: [fields.id], time: 1 }),
        JSON.stringify({ receipt }),
      ];
      return jsonBytes(Buffer.from(pick(dice, lines)), dice);
    },
    check(input) {
      const line = parseLine(input.toString());
      if (line === undefined || !('note' in line)) return;
      assert.ok(line.note.text !== '' && Number.isSafeInteger(line.note.receivedAt));
      assert.deepEqual(parseLine(noteLine(line.note)), line);
    },
  },
];

/** With bytes that are wrong, or with JSON that is. */
function jsonBytes(valid: Buffer, dice: Dice): Buffer {
  if (dice(2) === 0) return mutated(valid, dice);
  return Buffer.from(JSON.stringify(spoiled(JSON.parse(valid.toString()), dice)) ?? '');
}

function checkBody(body: Body): void {
  assert.ok(body.from.length <= 64 && !/[/\\\p{Cc}]/u.test(body.from));
  if ('reply' in body && body.reply !== undefined) assert.ok(isReplySlot(body.reply));
  if (body.kind !== 'message') return;
  assert.ok(Buffer.byteLength(body.text) <= MAX_NOTE_TEXT && !/\p{Cs}/u.test(body.text));
  assert.ok(encodeBody(body).length <= MAX_NOTE_BYTES);
}

function bodyOf(dice: Dice): Body {
  const [time, of] = [1_767_225_600_000 + dice(1_000), idOf(dice)];
  switch (dice(6)) {
    case 0:
      return { kind: pick(dice, ['delivered', 'read'] as const), from: 'BOB', time, of };
    case 1:
      return { kind: 'who', id: of, from: 'ANNA', time, name: 'NIGHT SHIFT', reply: `messngr/reply/${of}` };
    case 2:
      return { kind: 'mine', from: 'PC7', time, of, name: 'NIGHT SHIFT' };
    default:
      return messageOf(dice);
  }
}

function messageOf(dice: Dice): Extract<Body, { kind: 'message' }> {
  const id = idOf(dice);
  return {
    ...{ kind: 'message', id, from: 'ANNA', time: 1_767_225_600_000, to: pick(dice, ['*', 'BOB', 'ZOË']) },
    ...{ text: textOf(dice), level: pick(dice, ['info', 'warning', 'alert'] as const) },
    ttl: pick(dice, [undefined, 1, 3_600]),
    thread: pick(dice, [undefined, id]),
    wants: pick(dice, [undefined, 'delivered', 'read'] as const),
    reply: pick(dice, [undefined, 'messngr/ANNA', `messngr/reply/${id}`]),
  };
}

function textOf(dice: Dice): string {
  const pieces = ['lunch?', '"', '\\', '\n', '\u001b[2J', '漢😀', '<b>', '\u202e', 'x'.repeat(300)];
  return Array.from({ length: 1 + dice(6) }, () => pick(dice, pieces)).join('');
}

function idOf(dice: Dice): string {
  return bytesOf(dice, 8).toString('hex');
}
