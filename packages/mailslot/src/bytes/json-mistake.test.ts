import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOfMistake } from './json-mistake.js';

const right = [
  '{}',
  ' [ ]\n',
  '"a"',
  '-1.5e+3',
  'null',
  '{"a":[1,{"b":{}},[]],"c":"\\u00e9\\n"}',
  '[true,false,null,0,"",{"":[[]]}]',
];

test('JSON has no mistake', () => {
  for (const text of right) {
    JSON.parse(text);
    assert.equal(lineOfMistake(text), undefined, text);
  }
});

test('the line of a mistake is told, also where the words of JSON.parse name no place', () => {
  const wrong: readonly (readonly [text: string, line: number])[] = [
    ['', 1],
    ['{\n"a": x,\n"b": 1\n}', 2],
    ['{\n"a": 1,\n}\n', 3],
    ['{\n"a" 1\n}\n\n', 2],
    ['[\n1\n2\n]', 3],
    ['[1,\n2\n\n', 2],
    ['{"a":\n"no end\n}', 2],
    ['{}\n{}', 2],
    ['[1}', 1],
    ['{"a":1]', 1],
    ['[\n01]', 2],
    ['{\n\n1:2}', 3],
    [',', 1],
    ['1 2', 1],
    ['{"a":1,,}', 1],
    ['[,]', 1],
  ];
  for (const [text, line] of wrong) {
    assert.throws(() => JSON.parse(text), SyntaxError, text);
    assert.equal(lineOfMistake(text), line, text);
  }
});

test('of each text with one character more or less it says what JSON.parse says', () => {
  for (const text of right) {
    for (let at = 0; at <= text.length; at += 1) {
      for (const put of ['', '{', ']', ',', ':', '"', '1', ' ', '\\', '.', 'x']) {
        for (const cut of [0, 1]) {
          const changed = text.slice(0, at) + put + text.slice(at + cut);
          assert.equal(lineOfMistake(changed) === undefined, isJson(changed), changed);
        }
      }
    }
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
