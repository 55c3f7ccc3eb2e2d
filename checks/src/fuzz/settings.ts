import assert from 'node:assert/strict';
import { MailslotError } from 'mailslot';
import {
  type ConfigFile,
  encodeSecret,
  formatConfig,
  parseConfig,
} from '../../../packages/mailslot/dist/config/config-schema.js';
import { formatKeyLine, parseKeyLine } from '../../../packages/mailslot/dist/config/key-line.js';
import { keyOf } from '../../../packages/mailslot/dist/packet/key-ring.js';
import { checkPolicy, type Policy, parsePolicy } from '../../../packages/mailslot/dist/redirector/policy.js';
import { explainPolicy } from '../../../packages/mailslot/dist/redirector/policy-explain.js';
import { bytesOf, type Dice, diceOf, pick } from './dice.js';
import { jsonOf, spoiled } from './json.js';
import { mutated } from './mutate.js';
import { decoded, type Target } from './target.js';

const SECRETS = Array.from({ length: 4 }, (_, seed) => bytesOf(diceOf(seed), 32));
const KEYS = SECRETS.map((secret) => ({ ...keyOf(secret), installed: '2026-11-22T08:00:00.000Z' }));
/** No stretch of a secret of this length may be shown. */
const TELLING = 12;
const FRAGMENTS = SECRETS.map(encodeSecret).flatMap((text) =>
  Array.from({ length: text.length - TELLING + 1 }, (_, at) => text.slice(at, at + TELLING)),
);

/** What people write, or paste: configuration, policy, the line of a key. */
export const settings: readonly Target[] = [
  {
    name: 'config',
    share: 2,
    make: (dice) => textOf(JSON.parse(formatConfig(configOf(dice))), dice),
    check(input) {
      const config = untold(() => parseConfig(input.toString(), 'config.json'));
      if (config) assert.deepEqual(parseConfig(formatConfig(config), 'config.json'), config);
    },
  },
  {
    name: 'policy',
    share: 2,
    make: (dice) =>
      textOf({ rules: Array.from({ length: dice(5) }, () => ruleOf(dice)), default: 'deny' }, dice),
    check(input, dice) {
      const text = input.toString();
      const policy = decoded(() => parsePolicy(text));
      const problems = checkPolicy(text);
      assert.equal(policy === undefined, problems.length > 0);
      const lines = text.split('\n').length;
      for (const [at, { line }] of problems.entries()) {
        assert.ok(line >= (problems[at - 1]?.line ?? 1) && line <= lines, `line ${line} of ${lines}`);
      }
      if (policy) checkPolicyDecides(policy, dice);
    },
  },
  {
    name: 'key-line',
    share: 1,
    make: (dice) => mutated(Buffer.from(` ${keyLineOf(dice)}\n`), dice),
    check(input) {
      const text = input.toString();
      const key = untold(() => parseKeyLine(text));
      // What was changed on its way is noticed.
      if (key) assert.equal(formatKeyLine(key), text.trim());
    },
  },
];

/** As `decoded`, and no error shows a secret. */
function untold<T>(decode: () => T): T | undefined {
  return decoded(() => {
    try {
      return decode();
    } catch (error) {
      const shown = error instanceof MailslotError ? error.message : '';
      assert.ok(!FRAGMENTS.some((fragment) => shown.includes(fragment)), `a secret is shown: ${shown}`);
      throw error;
    }
  });
}

function checkPolicyDecides(policy: Policy, dice: Dice): void {
  const question = `${pick(dice, HOSTS)} -> ${pick(dice, TARGETS)}`;
  const decisions = decoded(() => explainPolicy(policy, question, ['OFFICE'])) ?? [];
  for (const { decision, rule } of decisions) {
    assert.equal(decision === 'allow', rule?.allow ?? policy.default === 'allow');
    if (rule) assert.ok(rule.line > 0 && policy.rules[rule.number - 1] === rule);
  }
}

/** The bytes spoiled, or a value of it. */
function textOf(value: unknown, dice: Dice): Buffer {
  if (dice(3) === 0) return mutated(Buffer.from(JSON.stringify(value, undefined, 2)), dice);
  let changed = value;
  for (let left = dice(3); left > 0; left -= 1) changed = spoiled(changed, dice);
  return Buffer.from(JSON.stringify(changed, undefined, dice(3)));
}

function configOf(dice: Dice): ConfigFile {
  const count = dice(3);
  const domains = ['OFFICE', 'HOME', 'Ä:Ö'].slice(0, count).map((name, at) => ({
    name: name.toUpperCase(),
    keys: KEYS.slice(at, at + 1 + dice(2) * (count === 1 ? 1 : 0)),
    use: dice(2) === 0 ? undefined : KEYS[at]?.id,
    lan: dice(2) === 0 ? {} : { interfaces: ['eth0'], family: 'any' as const, port: 1 + dice(65_535) },
    nats: dice(2) === 0 ? undefined : { servers: ['nats://a:1', 'tls://b'], token: 'c', seal: dice(2) === 0 },
  }));
  return { computer: dice(2) === 0 ? undefined : 'ALPHA', domains, policy: 'policy.json' };
}

const HOSTS = ['*', 'ALPHA', 'b*o', 'Zoë', '**', '*a*a*a*a*b', ''];
const TARGETS = [
  '//*/mailslot/alerts',
  '//OFFICE/mailslot/*',
  '*',
  'app/*/x',
  '//a*/mailslot/b',
  'x//y',
  '//',
];

function ruleOf(dice: Dice): object {
  const allow = dice(3) > 0;
  const limits = allow ? { maxSize: dice(5000), perSecond: 1 + dice(50), burst: 1 + dice(100) } : {};
  const odd = dice(8) === 0 ? { [pick(dice, HOSTS)]: jsonOf(dice) } : {};
  return { from: pick(dice, HOSTS), to: pick(dice, TARGETS), allow, ...limits, ...odd };
}

function keyLineOf(dice: Dice): string {
  return formatKeyLine({ domain: pick(dice, ['OFFICE', 'Ä:Ö', 'X']), secret: pick(dice, SECRETS) });
}
