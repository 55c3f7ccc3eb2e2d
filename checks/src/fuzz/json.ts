import { type Dice, pick } from './dice.js';

/** Any value of JSON; its objects have fields that mean something to JavaScript. */
export function jsonOf(dice: Dice, depth = 3): unknown {
  const length = dice(4);
  switch (dice(depth === 0 ? 7 : 9)) {
    case 7:
      return Array.from({ length }, () => jsonOf(dice, depth - 1));
    case 8:
      return Object.fromEntries(
        Array.from({ length }, () => [pick(dice, FIELDS), jsonOf(dice, depth - 1)] as const),
      );
    default:
      return pick(dice, VALUES);
  }
}

/** `value` with one part of it, at any depth, made another one, left out, doubled, or joined by one that is new. */
export function spoiled(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || dice(6) === 0) return jsonOf(dice);
  const isList = Array.isArray(value);
  const fields = Object.entries(value);
  const at = dice(fields.length);
  const field = fields[at];
  const kind = field === undefined ? 0 : dice(8);
  if (kind === 0) fields.push([pick(dice, FIELDS), jsonOf(dice)]);
  else if (kind === 1) fields.splice(at, 1);
  else if (kind === 2) fields.splice(at, 0, field as [string, unknown]);
  else if (field !== undefined) field[1] = spoiled(field[1], dice);
  return isList ? fields.map(([, each]) => each) : Object.fromEntries(fields);
}

const VALUES = [
  ...[null, true, false, 0, 1, -1, 0.5, 1e21, 65_535, 65_536, 2 ** 53],
  ...['', '*', '.', 'a', 'OFFICE', '//*/mailslot/x', '\ud800', '\0', '\u2028', '漢', 'x'.repeat(300)],
];

const FIELDS = [
  ...['__proto__', 'constructor', 'toString', 'valueOf', 'toJSON', 'length', '', '0', 'name', 'keys', 'id'],
  ...['rules', 'from', 'to', 'allow', 'maxSize', 'perSecond', 'burst', 'direction', 'default', 'lan', 'use'],
  ...['error', 'code', 'message', 'via', 'computer', 'domain', 'authenticated'],
];
