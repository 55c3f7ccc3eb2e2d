import { MailslotError } from 'mailslot';
import {
  checkPolicy,
  explainPolicy,
  loadConfig,
  POLICY_NOTE,
  type PolicyExplanation,
  parsePolicy,
  policyText,
} from 'mailslot/domains';
import { readTextFile } from '../../input/text-input.js';
import { escapeSentence, jsonLine } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { print } from '../../terminal/output.js';

export interface PolicyOptions {
  readonly config?: string;
  readonly file?: string;
  readonly json?: boolean;
}

interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

/** Prints each mistake with its line; the exit code is 1 if there is one. */
export async function check(file: string | undefined, options: PolicyOptions): Promise<void> {
  const policy = policyFile(file, options);
  const problems = checkPolicy(policy.text);
  if (options.json) {
    await print(problems.map(({ line, text }) => jsonLine({ line, problem: text })).join(''));
  } else if (problems.length === 0) {
    await print(escapeSentence(`${policy.path} has no mistakes`).concat('\n'));
  } else {
    await print(
      problems
        .map(({ line, text }) => escapeSentence(`${policy.path}:${line}: ${text}`).concat('\n'))
        .join(''),
    );
  }
  if (problems.length > 0) process.exitCode = 1;
}

/** Prints which rule decides about messages of a computer to a slot, both ways. */
export async function explain(question: string, options: PolicyOptions): Promise<void> {
  const policy = usable(policyFile(options.file, options));
  const { domains } = loadConfig(process.env, { path: options.config });
  const explanations = explainPolicy(
    policy,
    question,
    domains.map(({ name }) => name),
  );
  await print(
    options.json
      ? explanations.map((each) => jsonLine(explanationRecord(each))).join('')
      : `${explanations.map(explanationLine).join('')}${POLICY_NOTE}\n`,
  );
}

function usable({ path, text }: PolicyFile): ReturnType<typeof parsePolicy> {
  const [problem] = checkPolicy(text);
  if (problem === undefined) return parsePolicy(text);
  const place = `line ${problem.line}: ${problem.text}`;
  throw new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `the policy ${path} cannot be used: ${place}`);
}

function explanationRecord({ direction, decision, rule }: PolicyExplanation): Record<string, unknown> {
  const { number, line, maxSize, perSecond, burst } = rule ?? {};
  return {
    direction,
    decision,
    rule: number ?? null,
    line: line ?? null,
    maxSize: maxSize ?? null,
    perSecond: perSecond ?? null,
    burst: burst ?? null,
  };
}

const PLACES = { out: 'where it is sent', in: 'where it arrives' } as const;

function explanationLine({ direction, decision, rule, isService }: PolicyExplanation): string {
  const other = isService ? "mailslot's own service: no rule is asked" : 'no rule fits: the default';
  const by = rule === undefined ? other : `rule ${rule.number}, line ${rule.line}`;
  const bounds = decision === 'allow' && rule !== undefined ? boundsOf(rule) : '';
  return `${direction.padEnd(3)}  ${decision.padEnd(5)}  ${PLACES[direction]}, by ${by}${bounds}\n`;
}

function boundsOf({ maxSize, perSecond, burst }: NonNullable<PolicyExplanation['rule']>): string {
  const size = Number.isFinite(maxSize) ? `, up to ${maxSize} bytes` : '';
  const rate = Number.isFinite(perSecond) ? `, ${perSecond} a second of each sender, ${burst} at once` : '';
  return size + rate;
}

function policyFile(file: string | undefined, { config }: PolicyOptions): PolicyFile {
  if (file !== undefined) return { path: file, text: readTextFile(file) };
  const configuration = loadConfig(process.env, { path: config });
  const text = policyText(configuration);
  if (text === undefined || configuration.policy === undefined) {
    throw new UsageError(
      `${configuration.path} names no policy, so everything is allowed; put "policy": "policy.json" into it, or name a file here`,
    );
  }
  return { path: configuration.policy, text };
}
