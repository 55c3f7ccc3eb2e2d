import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { ALLOW_ALL, checkPolicy, parsePolicy } from './policy.js';
import { explainPolicy } from './policy-explain.js';
import { linesOf } from './policy-lines.js';
import { matches } from './policy-pattern.js';

test('a star stands for any characters', () => {
  for (const [pattern, text] of [
    ['*', ''],
    ['*', 'A/B'],
    ['A*', 'A'],
    ['*B', 'AB'],
    ['A*C*E', 'ABCCDE'],
    ['**', 'X'],
  ]) {
    assert.ok(matches(pattern!, text!), `${pattern} ${text}`);
  }
  for (const [pattern, text] of [
    ['', 'A'],
    ['A', ''],
    ['A*', 'BA'],
    ['*B', 'BA'],
    ['A*C*E', 'ACEX'],
    ['A', 'AA'],
  ]) {
    assert.ok(!matches(pattern!, text!), `${pattern} ${text}`);
  }
});

test('a pattern matches as the regular expression that it abbreviates does', () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', '*'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
      assert.equal(matches(pattern, text), expected);
    }),
    { numRuns: 2_000 },
  );
});

test('what is left out is what most would write', () => {
  assert.deepEqual(parsePolicy('{}'), ALLOW_ALL);
  assert.deepEqual(parsePolicy('{\n "rules": [\n {} ],\n "default": "deny" }'), {
    rules: [
      {
        number: 1,
        line: 3,
        from: '*',
        to: { host: undefined, slot: '*' },
        direction: undefined,
        allow: true,
        maxSize: Number.POSITIVE_INFINITY,
        perSecond: Number.POSITIVE_INFINITY,
        burst: Number.POSITIVE_INFINITY,
      },
    ],
    default: 'deny',
  });
  assert.equal(parsePolicy('{ "rules": [{ "perSecond": 50 }] }').rules[0]?.burst, 50);
});

test('each problem is told, with its line', () => {
  const text = `{
  "rules": [
    { "from": "ALPHA", "too": "x" },
    { "to": "//*/mail/x",
      "maxSize": -1 },
    7,
    { "allow": false,
      "perSecond": 5 },
    { "burst": 3 },
    { "from": "",
      "direction": "up",
      "allow": "yes" }
  ],
  "default": "maybe"
}`;
  const problems = checkPolicy(text).map(({ line, text }) => `${line} ${text}`);
  const expected = [
    /^3 unknown field "too"; a rule may have from, to/,
    /^4 .*"\/\/\*\/mail\/x" is not a mailslot name/,
    /^5 maxSize is a whole number from 0, not -1/,
    /^6 a rule is an object/,
    /^8 perSecond has no meaning/,
    /^9 burst has a meaning only beside perSecond/,
    /^10 from is a text, not ""/,
    /^11 direction is "in" or "out", not "up"/,
    /^12 allow is true or false, not "yes"/,
    /^14 default is "allow" or "deny", not "maybe"/,
  ];
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [at, pattern] of expected.entries()) assert.match(problems[at]!, pattern);
  assert.throws(
    () => parsePolicy(text),
    (error) => {
      return error instanceof MailslotError && /line 3: .*; line 4: /.test(error.message);
    },
  );
});

test('what is not JSON, or no policy, is told with its line', () => {
  assert.deepEqual(
    checkPolicy('{\n "rules": [\n').map(({ line }) => line),
    [2],
  );
  assert.deepEqual(
    checkPolicy('{\n "rules": }').map(({ line }) => line),
    [2],
  );
  assert.deepEqual(
    checkPolicy('{\n "rules": [],\n "default": deny\n}\n').map(({ line }) => line),
    [3],
  );
  assert.match(checkPolicy('[]')[0]?.text ?? '', /a policy is an object/);
  assert.match(checkPolicy('{ "rules": {} }')[0]?.text ?? '', /rules is a list/);
  const many = JSON.stringify({ rules: new Array(1_001).fill({}) });
  assert.match(checkPolicy(many)[0]?.text ?? '', /more than 1000 rules/);
});

test('a line is found in any JSON', () => {
  // Each leaf of a value that is laid out by JSON.stringify stands on the line that holds its marker.
  const leaf = fc.nat().map((number) => `leaf ${number}: {[","]}`);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (root) => {
      const text = JSON.stringify(root, undefined, 1);
      const lines = text.split('\n');
      for (const [path, expected] of leavesOf(root, [])) {
        const line = lines[linesOf(text)(path) - 1];
        assert.ok(line?.includes(JSON.stringify(expected)), `${JSON.stringify(path)} in ${text}: ${line}`);
      }
    }),
  );
});

function leavesOf(
  value: unknown,
  path: readonly (string | number)[],
): [readonly (string | number)[], string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((each, at) => leavesOf(each, [...path, at]));
  return Object.entries(value as object).flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

test('an explanation names the rule that decides, both ways', () => {
  const policy = parsePolicy(`{ "rules": [
    { "from": "kiosk-*", "to": "//*/mailslot/*", "allow": false, "direction": "out" },
    { "to": "//office/mailslot/alerts", "maxSize": 100 },
    { "to": "//BETA/mailslot/*", "allow": false },
    { "from": "ALPHA", "to": "status" }
  ], "default": "deny" }`);
  const decide = (question: string) => {
    return explainPolicy(policy, question, ['OFFICE']).map(({ direction, decision, rule }) => {
      return `${direction} ${decision} ${rule?.number ?? '-'}`;
    });
  };
  assert.deepEqual(decide('KIOSK-7 -> //*/mailslot/alerts'), ['out deny 1', 'in allow 2']);
  assert.deepEqual(decide('alpha -> //*/mailslot/Status'), ['out allow 4', 'in allow 4']);
  assert.deepEqual(decide('alpha -> //beta/mailslot/status'), ['out deny 3', 'in deny 3']);
  assert.deepEqual(decide('gamma->//GAMMA/mailslot/x'), ['out deny -', 'in deny -']);
  assert.throws(() => decide('who knows'), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  assert.throws(() => decide('a -> b'), { code: 'ERR_MAILSLOT_INVALID_ARGUMENT' });
  assert.throws(() => decide('a -> //b/x'), { code: 'ERR_MAILSLOT_INVALID_NAME' });
});
