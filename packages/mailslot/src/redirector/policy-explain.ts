import { MailslotError } from '../errors.js';
import { isService } from '../name/services.js';
import { parseName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Addressee } from '../transport/datagram.js';
import type { Direction, Policy, Rule } from './policy.js';
import { ruleFor } from './policy-gate.js';

/** What decides about a message one way. */
export interface PolicyExplanation {
  /** `out`: where the sender's computer has this policy. `in`: where the receiver's has. */
  readonly direction: Direction;
  readonly decision: 'allow' | 'deny';
  /** `undefined`: no rule fits, and the policy's `default` decides; or no rule is asked. */
  readonly rule: Rule | undefined;
  /** Whether the slot is one of mailslot's own services, which the policy is not asked about. */
  readonly isService: boolean;
}

/** To be said with every explanation. */
export const POLICY_NOTE =
  'A policy guards against mistakes, not against members: who has the key of the domain can use any name for its computer.';

const QUESTION = /^\s*(\S.*?)\s*->\s*(\S.*?)\s*$/;

/**
 * Which rule decides about a message, both ways.
 *
 * @param question as `HOST -> \\*\mailslot\alerts`
 * @param domains this computer's, the primary one first; any other name is a computer's
 * @throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`, `ERR_MAILSLOT_INVALID_NAME`
 */
export function explainPolicy(
  policy: Policy,
  question: string,
  domains: readonly string[] = [],
): PolicyExplanation[] {
  const [, from, target] = QUESTION.exec(question) ?? [];
  if (from === undefined || target === undefined) {
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `${JSON.stringify(question)} is no question`, {
      remedy: 'write "HOST -> //*/mailslot/alerts"',
    });
  }
  const { host, path } = parseName(target);
  if (host === undefined) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      `${JSON.stringify(target)} is a slot of this computer, which no policy is about`,
      { remedy: `write //*/mailslot/${path}` },
    );
  }
  const isDomain = host === '*' || domains.some((domain) => upperCase(domain) === upperCase(host));
  const to: Addressee = {
    kind: isDomain ? 'domain' : 'computer',
    name: host === '*' ? (domains[0] ?? host) : host,
  };
  return (['out', 'in'] as const).map((direction) => {
    if (isService(path)) return { direction, decision: 'allow', rule: undefined, isService: true };
    const rule = ruleFor(policy, { direction, from, to, slot: path });
    const isAllowed = rule?.allow ?? policy.default === 'allow';
    return { direction, decision: isAllowed ? 'allow' : 'deny', rule, isService: false };
  });
}
