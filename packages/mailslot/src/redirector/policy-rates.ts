import { MAX_POLICY_BUCKETS, MAX_POLICY_STRANGERS, STRANGERS_TOGETHER } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Clock } from '../ports/clock.js';
import type { Direction, Rule } from './policy.js';

/** Whose rate a message counts for. */
export interface Payer {
  readonly domain: string;
  /** The sending computer. */
  readonly from: string;
  /** Where it came from, if no transport vouches for the sender, who may use any name; `undefined`: it is a member. */
  readonly address: string | undefined;
}

/** What one sender may send under one rule, at this moment. */
interface Bucket {
  tokens: number;
  filledAt: number;
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * How many messages each sender has sent under each rule.
 *
 * Each domain has a table of its own, and members one that strangers cannot fill. Members are counted by their names. When
 * there are too many of these, who was heard longest ago is forgotten: made-up names make nobody wait. Strangers are counted
 * by their addresses, and all of them together; when there are too many, they alone are refused.
 */
export class PolicyRates {
  private readonly clock: Clock;
  private readonly tables = new Map<string, Map<string, Bucket>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  clear(): void {
    this.tables.clear();
  }

  /** False: it is one too many. */
  take(rule: Rule, direction: Direction, payer: Payer): boolean {
    const { domain, from, address } = payer;
    const isStranger = address !== undefined;
    const table = this.tableOf(`${isStranger ? 'anybody' : 'members'} ${domain}`);
    const key = `${rule.number}${direction}`;
    if (!isStranger) return this.spend([this.ofMember(table, `${key}${upperCase(from)}`, rule)]);
    const own = this.ofStranger(table, `${key} ${hostOf(address)}`, rule);
    if (own === undefined) return false;
    const { perSecond, burst } = rule;
    const together = { perSecond: STRANGERS_TOGETHER * perSecond, burst: STRANGERS_TOGETHER * burst };
    return this.spend([own, this.bucket(table, key, together)]);
  }

  private tableOf(name: string): Map<string, Bucket> {
    const table = this.tables.get(name) ?? new Map<string, Bucket>();
    this.tables.set(name, table);
    return table;
  }

  private ofMember(table: Map<string, Bucket>, key: string, rule: Rule): Bucket {
    const bucket = this.bucket(table, key, rule);
    // Who was heard last stands last.
    table.delete(key);
    table.set(key, bucket);
    if (table.size > MAX_POLICY_BUCKETS) table.delete(table.keys().next().value as string);
    return bucket;
  }

  private ofStranger(table: Map<string, Bucket>, key: string, rule: Rule): Bucket | undefined {
    if (!table.has(key) && table.size >= MAX_POLICY_STRANGERS && !this.forgetFull(table)) return undefined;
    return this.bucket(table, key, rule);
  }

  private bucket(table: Map<string, Bucket>, key: string, rate: Pick<Rule, 'perSecond' | 'burst'>): Bucket {
    const { perSecond, burst } = rate;
    const bucket = table.get(key) ?? { tokens: burst, filledAt: this.clock.monotonic(), perSecond, burst };
    table.set(key, bucket);
    return bucket;
  }

  /** Takes one token of each, or none. */
  private spend(buckets: readonly Bucket[]): boolean {
    const now = this.clock.monotonic();
    for (const bucket of buckets) {
      bucket.tokens = tokensAt(bucket, now);
      bucket.filledAt = now;
    }
    if (buckets.some(({ tokens }) => tokens < 1)) return false;
    for (const bucket of buckets) bucket.tokens -= 1;
    return true;
  }

  /** A full bucket is as good as none. */
  private forgetFull(table: Map<string, Bucket>): boolean {
    const now = this.clock.monotonic();
    for (const [key, bucket] of table) if (tokensAt(bucket, now) >= bucket.burst) table.delete(key);
    return table.size < MAX_POLICY_STRANGERS;
  }
}

function tokensAt({ tokens, filledAt, perSecond, burst }: Bucket, now: number): number {
  return Math.min(burst, tokens + ((now - filledAt) * perSecond) / 1000);
}

/** An address without its port, which costs nothing to change. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}
