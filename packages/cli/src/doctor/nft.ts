import {
  type AddressRange,
  type Answer,
  addressRange,
  allOf,
  anyOf,
  type BaseChain,
  type ClosedChain,
  closedOf,
  type Deed,
  isWithin,
  namesDevice,
  not,
  type Packet,
  type Rule,
} from './chains.js';

type Json = Readonly<Record<string, unknown>>;

/** Where what comes in passes, before it reaches a program. */
const HOOKS: ReadonlySet<unknown> = new Set(['ingress', 'prerouting', 'input']);

/** What a rule may hold beside what it asks and does, and that changes nothing of either. */
const REMARKS: ReadonlySet<string> = new Set(['counter', 'log', 'comment', 'mangle', 'notrack', 'ct helper']);

/**
 * The chains of `nft -j list ruleset` that throw one of these packets away.
 *
 * @returns `undefined` if the text is not what nft says
 */
export function closedChains(text: string, packets: readonly Packet[]): ClosedChain[] | undefined {
  const objects = objectsIn(text);
  return objects === undefined ? undefined : closedOf(baseChains(objects), packets);
}

function baseChains(objects: readonly Json[]): BaseChain[] {
  const sets = new Map(
    objects
      .flatMap(({ set, map }) => [set, map].filter(isObject))
      .map((each) => [keyOf(each, each['name']), each]),
  );
  const rules = new Map<string, Rule[]>();
  for (const rule of objects.flatMap(({ rule }) => (isObject(rule) ? [rule] : []))) {
    const key = keyOf(rule, rule['chain']);
    const resolve = (name: string): unknown => sets.get(keyOf(rule, name))?.['elem'];
    rules.set(key, [...(rules.get(key) ?? []), nftRule(list(rule['expr']), resolve)]);
  }
  return objects
    .flatMap(({ chain }) => (isObject(chain) && HOOKS.has(chain['hook']) ? [chain] : []))
    .map((chain) => ({
      family: String(chain['family']),
      table: String(chain['table']),
      name: String(chain['name']),
      drops: chain['policy'] === 'drop',
      meets: ({ family, device }) =>
        ['inet', 'netdev', family].includes(String(chain['family'])) &&
        (chain['dev'] === undefined || [chain['dev']].flat().includes(device)),
      rulesOf: (name) => rules.get(keyOf(chain, name)) ?? [],
    }));
}

function keyOf({ family, table }: Json, name: unknown): string {
  return JSON.stringify([family, table, name]);
}

type Resolve = (set: string) => unknown;

function nftRule(statements: readonly unknown[], resolve: Resolve): Rule {
  const objects = statements.filter(isObject);
  return (packet) => {
    const asked: Answer[] = [];
    for (const statement of objects) {
      const { match, vmap, xt } = statement;
      if (isObject(match)) asked.push(fits(match, packet, resolve));
      else if (isObject(vmap)) {
        const found = mapped(vmap, packet, resolve);
        if (found !== undefined) return certain(found.deed, allOf([...asked, found.answer]));
      } else {
        const deed = isObject(xt) ? deedOfXt(xt) : deedOf(statement);
        if (deed !== undefined) return certain(deed, allOf(asked));
        if (!Object.keys(statement).every((key) => REMARKS.has(key))) asked.push(undefined);
      }
      if (asked.at(-1) === false) return undefined;
    }
    return undefined;
  };
}

function certain(deed: Deed, answer: Answer): ReturnType<Rule> {
  return answer === false ? undefined : { deed, isCertain: answer === true };
}

function deedOf(statement: Json): Deed | undefined {
  if ('accept' in statement || 'redirect' in statement || 'dnat' in statement) return 'accept';
  if ('drop' in statement || 'reject' in statement) return 'drop';
  if ('return' in statement) return 'return';
  const { jump, goto } = statement;
  if (isObject(jump)) return { jump: String(jump['target']) };
  return isObject(goto) ? { goto: String(goto['target']) } : undefined;
}

/** What nft does not know itself, of iptables. */
function deedOfXt({ type, name }: Json): Deed | undefined {
  return type === 'target' && ['DROP', 'REJECT'].includes(String(name)) ? 'drop' : undefined;
}

/** The first element of a verdict map that holds the packet. */
function mapped(
  { key, data }: Json,
  packet: Packet,
  resolve: Resolve,
): { deed: Deed; answer: Answer } | undefined {
  for (const pair of elements(data, resolve)) {
    const [value, verdict] = list(pair);
    const answer = holds(key, value, packet, resolve);
    const deed = isObject(verdict) ? deedOf(verdict) : undefined;
    if (answer !== false && deed !== undefined) return { deed, answer };
  }
  return undefined;
}

function fits({ op, left, right }: Json, packet: Packet, resolve: Resolve): Answer {
  if (dependency(left, packet) === false) return false;
  const answer = holds(left, right, packet, resolve);
  return op === '!=' ? not(answer) : op === '==' || op === 'in' ? answer : undefined;
}

/** Only a packet of its protocol has a field of it. */
function dependency(left: unknown, { family }: Packet): Answer {
  const protocol = isObject(left) && isObject(left['payload']) ? left['payload']['protocol'] : undefined;
  if (protocol === 'ip' || protocol === 'ip6') return protocol === family;
  return ['tcp', 'icmp', 'icmpv6', 'igmp', 'sctp', 'dccp', 'esp', 'ah', 'comp', 'udplite', 'arp'].includes(
    String(protocol),
  )
    ? false
    : undefined;
}

/** Whether what a rule looks at has this value, or one of these. */
function holds(left: unknown, right: unknown, packet: Packet, resolve: Resolve): Answer {
  if (Array.isArray(right) || (isObject(right) && 'set' in right) || isSetName(right)) {
    return anyOf(elements(right, resolve).map((each) => holds(left, each, packet, resolve)));
  }
  if (isObject(right) && isObject(right['elem'])) return holds(left, right['elem']['val'], packet, resolve);
  if (!isObject(left)) return undefined;
  if (Array.isArray(left['concat'])) {
    const values = isObject(right) ? list(right['concat']) : [];
    if (values.length !== left['concat'].length) return undefined;
    return allOf(left['concat'].map((part, at) => holds(part, values[at], packet, resolve)));
  }
  return isValue(left, right, packet);
}

function isSetName(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('@');
}

function elements(value: unknown, resolve: Resolve): readonly unknown[] {
  if (isSetName(value)) return list(resolve(value.slice(1)));
  if (isObject(value) && 'set' in value) return elements(value['set'], resolve);
  return Array.isArray(value) ? value : [value];
}

function isValue(left: Json, right: unknown, packet: Packet): Answer {
  const { family, isMulticast } = packet;
  const key = isObject(left['meta']) ? left['meta']['key'] : undefined;
  const { protocol, field } = isObject(left['payload']) ? left['payload'] : {};
  if (key === 'l4proto' || field === 'nexthdr' || (protocol === 'ip' && field === 'protocol')) {
    return right === 'udp' || right === 17;
  }
  if (key === 'nfproto') return right === (family === 'ip' ? 'ipv4' : 'ipv6');
  if (key === 'protocol' || (protocol === 'ether' && field === 'type')) return right === family;
  if (key === 'iifname' || key === 'iif') return namesDevice(String(right), packet.device);
  if (key === 'pkttype') return right === (isMulticast ? 'multicast' : 'host');
  if (isObject(left['fib'])) return isOfType(left['fib'], right, isMulticast);
  if (isObject(left['ct'])) return left['ct']['key'] === 'state' ? isNew(right) : undefined;
  if (field === 'dport' && (protocol === 'udp' || protocol === 'th')) return isPort(right, packet.port);
  if (protocol !== 'ip' && protocol !== 'ip6') return undefined;
  if (field === 'daddr') return isWithin(packet.to, rangeOf(right, family));
  return field === 'saddr' ? isWithin(packet.from, rangeOf(right, family)) : undefined;
}

function isNew(state: unknown): boolean {
  return state === 'new' || state === 'untracked';
}

function isOfType({ result, flags }: Json, type: unknown, isMulticast: boolean): Answer {
  const ofTarget = result === 'type' && list(flags).includes('daddr');
  return ofTarget ? type === (isMulticast ? 'multicast' : 'local') : undefined;
}

function isPort(value: unknown, port: number): Answer {
  if (typeof value === 'number') return value === port;
  const [low, high] = isObject(value) ? list(value['range']) : [];
  return typeof low === 'number' && typeof high === 'number' ? port >= low && port <= high : undefined;
}

function rangeOf(value: unknown, family: Packet['family']): AddressRange | undefined {
  if (typeof value === 'string') return addressRange(value, family);
  if (!isObject(value)) return undefined;
  const { prefix, range } = value;
  if (isObject(prefix)) return addressRange(`${prefix['addr']}/${prefix['len']}`, family);
  const [low, high] = list(range).map((each) => addressRange(String(each), family));
  return low === undefined || high === undefined ? undefined : [low[0], high[1]];
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
