import type { Addressee } from 'mailslot/testing';

/** One rule of a policy, as it stands in the file. */
export interface RuleText {
  readonly from?: string;
  readonly to?: string;
  readonly allow?: boolean;
  readonly maxSize?: number;
  readonly perSecond?: number;
  readonly burst?: number;
  readonly direction?: 'in' | 'out';
}

/** The way a message takes: who nobody vouches for is known by the address alone. */
export interface Origin {
  readonly domain: string;
  readonly isAuthenticated: boolean;
  readonly address: string;
}

export interface PolicyText {
  readonly rules: readonly RuleText[];
  readonly default: 'allow' | 'deny';
}

export interface Passage {
  readonly direction: 'in' | 'out';
  readonly from: string;
  readonly to: Addressee;
  readonly slot: string;
}

/** What a policy says to a message. */
export type Ruling = 'pass' | 'not-allowed' | 'too-large' | 'rate';

interface Bucket {
  tokens: number;
  at: number;
}

/** What a policy means, written from its page: patterns are regular expressions here. */
export class Rules {
  readonly text: PolicyText;
  private readonly patterns: readonly { readonly from: RegExp; readonly to: RegExp }[];
  private readonly buckets = new Map<string, Bucket>();

  constructor(text: PolicyText) {
    this.text = text;
    this.patterns = text.rules.map(({ from = '*', to = '*' }) => ({ from: pattern(from), to: pattern(to) }));
  }

  /** The longest message that may pass, `undefined` if none may. */
  limit(passage: Passage): number | undefined {
    const rule = this.ruleFor(passage);
    if (rule === undefined) return this.text.default === 'allow' ? Infinity : undefined;
    return (rule.allow ?? true) ? (rule.maxSize ?? Infinity) : undefined;
  }

  /** Judges, and takes what it costs from the sender's rate. */
  rule(passage: Passage, size: number, now: number, origin: Origin): Ruling {
    const limit = this.limit(passage);
    if (limit === undefined) return 'not-allowed';
    if (size > limit) return 'too-large';
    const rule = this.ruleFor(passage);
    if (rule?.perSecond === undefined) return 'pass';
    const buckets = this.payersOf(passage, origin).map(([payer, times]) => {
      return this.bucket(rule, `${passage.direction} ${origin.domain} ${payer}`, times, now);
    });
    if (buckets.some(({ tokens }) => tokens < 1)) return 'rate';
    for (const bucket of buckets) bucket.tokens -= 1;
    return 'pass';
  }

  private ruleFor({ direction, from, to, slot }: Passage): RuleText | undefined {
    // A rule may name the slot alone, the addressee by name, or all addressees that are domains.
    const names = [
      slot,
      `//${to.name}/mailslot/${slot}`,
      ...(to.kind === 'domain' ? [`//*/mailslot/${slot}`] : []),
    ];
    return this.text.rules.find((rule, at) => {
      const { from: sender, to: target } = this.patterns[at]!;
      const isThisWay = rule.direction === undefined || rule.direction === direction;
      return isThisWay && sender.test(from) && names.some((name) => target.test(name));
    });
  }

  /** Whose rates it counts for, and how many times what the rule says these are. */
  private payersOf({ from }: Passage, { isAuthenticated, address }: Origin): (readonly [string, number])[] {
    if (isAuthenticated) return [[`member ${from.toUpperCase()}`, 1]];
    return [
      [`stranger ${address}`, 1],
      ['all strangers', 10],
    ];
  }

  private bucket(rule: RuleText, payer: string, times: number, now: number): Bucket {
    const perSecond = times * (rule.perSecond ?? 0);
    const burst = times * (rule.burst ?? rule.perSecond ?? 0);
    const key = `${this.text.rules.indexOf(rule)} ${payer}`;
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    this.buckets.set(key, bucket);
    return bucket;
  }
}

/** `*` stands for any characters; but as the whole host it stands for "to a domain", which is among the names. */
function pattern(spelled: string): RegExp {
  const text = spelled.replaceAll('\\', '/');
  const [head, rest] = text.startsWith('//*/') ? ['//\\*/', text.slice(4)] : ['', text];
  const escaped = rest.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${head}${escaped}$`, 'is');
}
