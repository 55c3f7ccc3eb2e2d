import { MAX_POLICY_ANSWERS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Clock } from '../ports/clock.js';
import type { Addressee } from '../transport/datagram.js';
import type { Direction, Policy, Rule } from './policy.js';
import { isTarget, matches } from './policy-pattern.js';
import { type Payer, PolicyRates } from './policy-rates.js';

/** What the policy has against a message. */
export type PolicyRefusal = 'not-allowed' | 'too-large' | 'rate';

/** A message as the policy sees it. */
export interface Passage {
  readonly direction: Direction;
  /** The sending computer. */
  readonly from: string;
  readonly to: Addressee;
  readonly slot: string;
}

/** The first rule that fits; `undefined`: the policy's default holds. */
export function ruleFor(policy: Policy, { direction, from, to, slot }: Passage): Rule | undefined {
  const [sender, path] = [upperCase(from), upperCase(slot)];
  const addressee = { kind: to.kind, name: upperCase(to.name) };
  return policy.rules.find((rule) => {
    const isThisWay = rule.direction === undefined || rule.direction === direction;
    return isThisWay && matches(rule.from, sender) && isTarget(rule.to, addressee, path);
  });
}

/** Applies a policy to one message after the other. */
export class PolicyGate {
  private current: Policy;
  private readonly answers = new Map<string, Rule | undefined>();
  private readonly rates: PolicyRates;

  constructor(policy: Policy, clock: Clock) {
    this.current = policy;
    this.rates = new PolicyRates(clock);
  }

  get policy(): Policy {
    return this.current;
  }

  /** From now on this policy holds; rates begin anew. */
  replace(policy: Policy): void {
    this.current = policy;
    this.answers.clear();
    this.rates.clear();
  }

  /** What is against a message of `size` bytes; counts it for its sender's rate if nothing is. */
  refusal(passage: Passage, size: number, payer: Payer): PolicyRefusal | undefined {
    // Nearly everybody: no file, no cost.
    if (this.current.rules.length === 0) return this.current.default === 'deny' ? 'not-allowed' : undefined;
    const rule = this.rule(passage);
    if (rule === undefined) return this.current.default === 'deny' ? 'not-allowed' : undefined;
    if (!rule.allow) return 'not-allowed';
    if (size > rule.maxSize) return 'too-large';
    if (rule.perSecond === Number.POSITIVE_INFINITY) return undefined;
    return this.rates.take(rule, passage.direction, payer) ? undefined : 'rate';
  }

  /** The longest message that may pass; `undefined`: none may. */
  sizeFor(passage: Passage): number | undefined {
    const rule = this.rule(passage);
    const isAllowed = rule?.allow ?? this.current.default === 'allow';
    return isAllowed ? (rule?.maxSize ?? Number.POSITIVE_INFINITY) : undefined;
  }

  private rule(passage: Passage): Rule | undefined {
    const { direction, from, to, slot } = passage;
    const key = `${direction}${to.kind}\0${from}\0${to.name}\0${slot}`;
    const known = this.answers.get(key);
    if (known !== undefined || this.answers.has(key)) return known;
    const rule = ruleFor(this.current, passage);
    if (this.answers.size >= MAX_POLICY_ANSWERS) this.answers.clear();
    this.answers.set(key, rule);
    return rule;
  }
}
