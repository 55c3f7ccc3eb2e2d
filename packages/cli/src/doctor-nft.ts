/** A chain that lets messages of other computers not in. */
export interface ClosedChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
}

type Json = Readonly<Record<string, unknown>>;
type Verdict = 'accept' | 'drop' | undefined;

interface Chain extends ClosedChain {
  readonly hook: unknown;
  readonly policy: unknown;
}

/** Jumps from chain to chain that are followed. */
const DEPTH = 16;

/**
 * The chains of `nft -j list ruleset` that throw a UDP packet away that comes from the LAN to this port: by their policy,
 * or by a rule that says so of all UDP, or of that port. What a rule asks beside that (whom it comes from) is not known
 * here: an `accept` is taken to be meant for the LAN, a `drop` not.
 *
 * @returns `undefined` if the text is not what nft says
 */
export function closedChains(text: string, port: number): ClosedChain[] | undefined {
  const objects = objectsIn(text);
  if (objects === undefined) return undefined;
  const chains = objects.flatMap(({ chain }) => (isObject(chain) ? [chain as unknown as Chain] : []));
  const rules = objects.flatMap(({ rule }) => (isObject(rule) ? [rule] : []));
  const verdictOf = ({ family, table, name }: ClosedChain, depth: number): Verdict => {
    const own = rules.filter((rule) => {
      return rule['family'] === family && rule['table'] === table && rule['chain'] === name;
    });
    for (const rule of own) {
      const verdict = verdictOfRule(list(rule['expr']), port, (target) => {
        return depth < DEPTH ? verdictOf({ family, table, name: target }, depth + 1) : undefined;
      });
      if (verdict === 'return') return undefined;
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  };
  return chains
    .filter(({ family, hook }) => hook === 'input' && ['inet', 'ip', 'ip6'].includes(family))
    .filter((chain) => (verdictOf(chain, 0) ?? chain.policy) === 'drop')
    .map(({ family, table, name }) => ({ family, table, name }));
}

function verdictOfRule(
  statements: readonly unknown[],
  port: number,
  follow: (chain: string) => Verdict,
): Verdict | 'return' {
  const objects = statements.filter(isObject);
  const answers = objects.flatMap(({ match }) => (isObject(match) ? [fits(match, port)] : []));
  if (answers.includes(false)) return undefined;
  const isCertain = !answers.includes(undefined);
  for (const statement of objects) {
    if ('accept' in statement) return 'accept';
    if ('drop' in statement || 'reject' in statement) return isCertain ? 'drop' : undefined;
    if ('return' in statement) return isCertain ? 'return' : undefined;
    const jump = statement['jump'] ?? statement['goto'];
    if (isObject(jump)) return follow(String(jump['target']));
  }
  return undefined;
}

/** Whether a packet of the LAN to the port is what a rule asks for; `undefined`: that is not known here. */
function fits({ op, left, right }: Json, port: number): boolean | undefined {
  if (!isObject(left)) return undefined;
  const meta = isObject(left['meta']) ? left['meta']['key'] : undefined;
  const { protocol, field } = isObject(left['payload']) ? left['payload'] : {};
  const isNot = op === '!=';
  if (meta === 'l4proto' || field === 'nexthdr' || (protocol === 'ip' && field === 'protocol')) {
    return has(right, 'udp', 17) !== isNot;
  }
  if (meta === 'iifname' || meta === 'iif') return has(right, 'lo') ? isNot : undefined;
  if (isObject(left['ct']))
    return left['ct']['key'] === 'state' ? has(right, 'new', 'untracked') !== isNot : undefined;
  if (field === 'dport' && (protocol === 'udp' || protocol === 'th')) return has(right, port) !== isNot;
  return protocol === 'tcp' || protocol === 'icmp' || protocol === 'icmpv6' ? false : undefined;
}

/** Whether a value, a range, or a set of these holds one of them. */
function has(value: unknown, ...wanted: readonly (string | number)[]): boolean {
  if (Array.isArray(value)) return value.some((each) => has(each, ...wanted));
  if (!isObject(value)) return wanted.includes(value as string);
  if ('set' in value) return has(value['set'], ...wanted);
  const [low, high] = list(value['range']).map(Number) as [number, number];
  return wanted.some((each) => typeof each === 'number' && each >= low && each <= high);
}

function objectsIn(text: string): readonly Json[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const all = isObject(parsed) ? parsed['nftables'] : undefined;
    return Array.isArray(all) ? all.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
