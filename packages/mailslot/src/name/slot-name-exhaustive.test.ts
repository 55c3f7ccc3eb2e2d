import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from '../errors.js';
import { parseName } from './slot-name.js';

/*
 * Every text over a small alphabet, against a second description of the grammar. The model cuts the text at its
 * slashes and looks at the pieces; the parser walks along it. What both get wrong would have to be wrong twice.
 */

interface Expected {
  readonly host: string | undefined;
  readonly path: string;
}

const isComponent = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && !text.includes('\0');

function model(text: string): Expected | undefined {
  const pieces = text.split(/[\\/]/);
  const hasComputer = pieces.length > 2 && pieces[0] === '' && pieces[1] === '';
  const path = hasComputer ? pieces.slice(4) : pieces;
  if (path.length === 0 || !path.every(isComponent)) return undefined;
  if (!hasComputer) return { host: undefined, path: path.join('/') };
  const [computer = '', word = ''] = pieces.slice(2);
  if (word.toLowerCase() !== 'mailslot' || !(computer === '.' || isComponent(computer))) return undefined;
  return { host: computer === '.' ? undefined : computer, path: path.join('/') };
}

/** All sequences of up to `length` of the tokens, each appended to `prefix`. */
function* sequences(tokens: readonly string[], length: number, prefix = ''): Generator<string> {
  yield prefix;
  if (length === 0) return;
  for (const token of tokens) yield* sequences(tokens, length - 1, prefix + token);
}

/** Compares parser and model over all `texts`; returns how many were names. */
function compareAll(texts: Iterable<string>): number {
  const limit = Error.stackTraceLimit;
  // A third of a million refusals: their stacks would take ten times as long as all the rest.
  Error.stackTraceLimit = 0;
  let names = 0;
  try {
    for (const text of texts) {
      if (compare(text)) names += 1;
    }
  } finally {
    Error.stackTraceLimit = limit;
  }
  return names;
}

function compare(text: string): boolean {
  const expected = model(text);
  try {
    const { host, path, key } = parseName(text);
    assert.deepEqual({ host, path }, expected, JSON.stringify(text));
    assert.equal(key, host === undefined ? path.toUpperCase() : `//${host}/mailslot/${path}`.toUpperCase());
    return true;
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
    assert.equal(expected, undefined, `${JSON.stringify(text)}: ${error.message}`);
    assert.equal(error.code, 'ERR_MAILSLOT_INVALID_NAME');
    return false;
  }
}

test('every text of up to six characters is a name exactly if the grammar says so', () => {
  const names = compareAll(sequences(['\\', '/', '.', 'a', 'A', '*', '\0', 'm'], 6));
  // A model that refused everything would agree with a parser that did.
  assert.ok(names > 10_000, `${names} names`);
});

test('so is every text of up to seven pieces, where one piece is the word mailslot', () => {
  const withComputer = ['//./mailslot/a', '\\\\.\\mailslot\\a', '//a/mailslot/a'];
  const all = new Set(sequences(['\\', '/', '.', 'a', 'mailslot'], 7));
  for (const text of withComputer) assert.ok(all.has(text), `${text} was not among them`);
  assert.ok(compareAll(all) > 1000);
});

test('so is every continuation of the beginnings that matter', () => {
  const beginnings = [
    '//',
    '//.',
    '\\\\*\\',
    '//a/mailSLOT',
    '\\\\..\\mailslot',
    '/\\./MAILSLOT\\',
    '//../',
    '//a/mailslotx/',
  ];
  for (const beginning of beginnings) {
    compareAll(sequences(['\\', '/', '.', 'a', '*', '\0', 'mailslot'], 5, beginning));
  }
});
