import { lineOfMistake } from '../bytes/json-mistake.js';
import { MailslotError } from '../errors.js';
import { MAX_POLICY_RULES } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import { type Complain, Fields } from './policy-fields.js';
import { linesOf } from './policy-lines.js';
import { parseTarget, type Target } from './policy-pattern.js';

/** Which way a message goes: into this computer, or out of it. */
export type Direction = 'in' | 'out';

/** One rule of a policy, as it was read. The first that fits a message decides. */
export interface Rule {
  /** Where it stands among the rules, from 1. */
  readonly number: number;
  /** The line of the file where it begins, from 1. */
  readonly line: number;
  /** The sending computer, in upper case; `*` stands for any characters. */
  readonly from: string;
  readonly to: Target;
  /** `undefined`: either way. */
  readonly direction: Direction | undefined;
  readonly allow: boolean;
  /** The longest message, in bytes. */
  readonly maxSize: number;
  /** Messages of one sender in a second, in the long run; `burst` at once after a pause. */
  readonly perSecond: number;
  readonly burst: number;
}

/** Who may send what where, how long and how often. */
export interface Policy {
  readonly rules: readonly Rule[];
  /** What holds for a message that no rule fits. */
  readonly default: 'allow' | 'deny';
}

/** What is wrong with a policy, and where. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** No rule at all. */
export const ALLOW_ALL: Policy = { rules: [], default: 'allow' };

/**
 * Reads a policy file; `docs/reference/policy.md` says what may stand in it.
 *
 * @throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`, with each problem and its line
 */
export function parsePolicy(text: string): Policy {
  const { policy, problems } = readPolicy(text);
  if (problems.length === 0) return policy;
  const listed = problems.map((problem) => `line ${problem.line}: ${problem.text}`).join('; ');
  throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `the policy cannot be used: ${listed}`);
}

/** Everything that is wrong with a policy file, in its order; nothing, if it can be used. */
export function checkPolicy(text: string): PolicyProblem[] {
  return readPolicy(text).problems;
}

function readPolicy(text: string): { policy: Policy; problems: PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { policy: ALLOW_ALL, problems: [notJson(text, (error as Error).message)] };
  }
  const lineOf = linesOf(text);
  const complain: Complain = (path, what) => problems.push({ line: lineOf(path), text: what });
  const fields = new Fields('a policy', parsed, [], ['rules', 'default'], complain);
  const given = fields.list('rules') ?? [];
  if (given.length > MAX_POLICY_RULES) fields.refuse('rules', `more than ${MAX_POLICY_RULES} rules`);
  const rules = given.slice(0, MAX_POLICY_RULES).map((rule, at) => {
    return readRule(rule, at + 1, lineOf(['rules', at]), complain);
  });
  const otherwise = fields.choice('default', ['allow', 'deny']) ?? 'allow';
  problems.sort((one, other) => one.line - other.line);
  return { policy: { rules, default: otherwise }, problems };
}

function notJson(text: string, reason: string): PolicyProblem {
  return { line: lineOfMistake(text) ?? 1, text: `this is not JSON: ${reason}` };
}

const RULE_FIELDS = ['from', 'to', 'allow', 'maxSize', 'perSecond', 'burst', 'direction'];

function readRule(value: unknown, number: number, line: number, complain: Complain): Rule {
  const fields = new Fields('a rule', value, ['rules', number - 1], RULE_FIELDS, complain);
  const allow = fields.flag('allow') ?? true;
  const limit = ['maxSize', 'perSecond', 'burst'].find((key) => fields.has(key));
  if (!allow && limit !== undefined)
    fields.refuse(limit, `${limit} has no meaning in a rule that allows nothing`);
  else if (fields.has('burst') && !fields.has('perSecond'))
    fields.refuse('burst', 'burst has a meaning only beside perSecond');
  const perSecond = fields.number('perSecond', 1) ?? Number.POSITIVE_INFINITY;
  return {
    number,
    line,
    from: upperCase(fields.text('from') ?? '*'),
    to: readTarget(fields),
    direction: fields.choice('direction', ['in', 'out']),
    allow,
    maxSize: fields.number('maxSize', 0) ?? Number.POSITIVE_INFINITY,
    perSecond,
    burst: fields.number('burst', 1) ?? perSecond,
  };
}

function readTarget(fields: Fields): Target {
  try {
    return parseTarget(fields.text('to') ?? '*');
  } catch (error) {
    fields.refuse('to', (error as Error).message);
    return parseTarget('*');
  }
}
