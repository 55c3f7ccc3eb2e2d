/** A packet of another computer on its way in, as a firewall sees it. */
export interface Packet {
  readonly family: 'ip' | 'ip6';
  /** The network card it comes in by. */
  readonly device: string;
  readonly port: number;
  readonly isMulticast: boolean;
  /** Where it is sent to: the group's address, or this computer's on that card. */
  readonly to: AddressRange;
  /** From where it may come: the network that the card is in. */
  readonly from: AddressRange;
}

/** The first and the last of a range of addresses, as numbers. */
export type AddressRange = readonly [first: bigint, last: bigint];

/** `undefined`: that is not known here. */
export type Answer = boolean | undefined;

/** What a rule does with a packet that it fits. */
export type Deed = 'accept' | 'drop' | 'return' | { readonly jump: string } | { readonly goto: string };

/** What a rule does with a packet; `isCertain` if it fits without a doubt. `undefined`: nothing. */
export type Rule = (packet: Packet) => { readonly deed: Deed; readonly isCertain: boolean } | undefined;

/** The chain that a packet meets first; all of these must let it in. */
export interface BaseChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly drops: boolean;
  readonly meets: (packet: Packet) => boolean;
  /** The rules of this chain and of those that it jumps to. */
  readonly rulesOf: (chain: string) => readonly Rule[];
}

/** A base chain that throws packets away which are for us. */
export interface ClosedChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly refused: readonly Packet[];
}

/** Of these chains, those that let in not all that is for us. */
export function closedOf(chains: readonly BaseChain[], packets: readonly Packet[]): ClosedChain[] {
  return chains.flatMap((chain) => {
    const refused = packets.filter((packet) => chain.meets(packet) && isRefused(chain, packet));
    const { family, table, name } = chain;
    return refused.length > 0 ? [{ family, table, name, refused }] : [];
  });
}

/**
 * What a rule asks is not always known here (whom a packet comes from, how many there were): then an `accept` is taken
 * to be meant for the LAN, and a `drop` not.
 */
function isRefused({ name, drops, rulesOf }: BaseChain, packet: Packet): boolean {
  /** What each chain says of the packet; one that is being looked at says nothing, so that circles end. */
  const said = new Map<string, Deed | undefined>();
  const walk = (chain: string): 'accept' | 'drop' | undefined => {
    if (said.has(chain)) return said.get(chain) as 'accept' | 'drop' | undefined;
    said.set(chain, undefined);
    const verdict = verdictOf(rulesOf(chain), packet, walk);
    said.set(chain, verdict);
    return verdict;
  };
  const verdict = walk(name);
  return verdict === undefined ? drops : verdict === 'drop';
}

function verdictOf(
  rules: readonly Rule[],
  packet: Packet,
  walk: (chain: string) => 'accept' | 'drop' | undefined,
): 'accept' | 'drop' | undefined {
  for (const rule of rules) {
    const found = rule(packet);
    if (found === undefined) continue;
    const { deed, isCertain } = found;
    const verdict = typeof deed === 'string' ? deed : walk('jump' in deed ? deed.jump : deed.goto);
    if (verdict === 'accept') return 'accept';
    if (!isCertain) continue;
    if (verdict === 'drop') return 'drop';
    // Who goes to a chain does not come back.
    if (deed === 'return' || (typeof deed === 'object' && 'goto' in deed)) return undefined;
  }
  return undefined;
}

/** All of them hold: no as soon as one does not, and unknown where none does not and one is unknown. */
export function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** One of them holds. */
export function anyOf(answers: readonly Answer[]): Answer {
  return not(allOf(answers.map(not)));
}

export function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}

/** Whether what may be anywhere in a range is in another. */
export function isWithin([first, last]: AddressRange, range: AddressRange | undefined): Answer {
  if (range === undefined) return undefined;
  const [low, high] = range;
  if (last < low || first > high) return false;
  return first >= low && last <= high ? true : undefined;
}

/** Whether the pattern of a firewall names the card: `eth0`, or `eth*` as nft and `eth+` as iptables write it. */
export function namesDevice(pattern: string, device: string): boolean {
  return /[*+]$/.test(pattern) ? device.startsWith(pattern.slice(0, -1)) : pattern === device;
}

/** The range of `10.0.0.1`, `fe80::/10`; `undefined` if it is none of this family. */
export function addressRange(text: string, family: Packet['family']): AddressRange | undefined {
  const [address = '', length] = text.split('/');
  const number = family === 'ip' ? numberOfIPv4(address) : numberOfIPv6(address);
  if (number === undefined) return undefined;
  const bits = family === 'ip' ? 32 : 128;
  const free = BigInt(bits - (length === undefined ? bits : prefixLength(length, bits)));
  const first = (number >> free) << free;
  return [first, first + (1n << free) - 1n];
}

/** `24`, or `255.255.255.0`. */
function prefixLength(text: string, bits: number): number {
  const mask = numberOfIPv4(text);
  const length = mask === undefined ? Number(text) : mask.toString(2).replaceAll('0', '').length;
  return length >= 0 && length <= bits ? length : bits;
}

function numberOfIPv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function numberOfIPv6(text: string): bigint | undefined {
  const [head = '', tail] = (text.split('%')[0] ?? '').split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  if (all.length !== 8 || !all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
