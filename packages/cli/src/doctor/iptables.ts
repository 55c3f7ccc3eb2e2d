import {
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

/** Where what comes in passes, of each table. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING'],
  mangle: ['PREROUTING', 'INPUT'],
  nat: ['PREROUTING'],
  filter: ['INPUT'],
  security: ['INPUT'],
};

/** The chains in the text of `iptables-save` or `ip6tables-save` that throw one of these packets away. */
export function closedTables(
  text: string,
  family: Packet['family'],
  packets: readonly Packet[],
): ClosedChain[] {
  const chains = text
    .split(/^\*/m)
    .slice(1)
    .flatMap((part) => baseChains(part.split('\n'), family));
  return closedOf(chains, packets);
}

/** `filter`, `:INPUT ACCEPT [0:0]`, `-A INPUT -p udp -j DROP`, … */
function baseChains([table = '', ...lines]: readonly string[], family: Packet['family']): BaseChain[] {
  const rules = new Map<string, Rule[]>();
  for (const line of lines) {
    const [add, chain = '', ...words] = line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
    if (add === '-A') rules.set(chain, [...(rules.get(chain) ?? []), ruleOf(words, family)]);
  }
  return (BASES[table.trim()] ?? []).map((name) => ({
    family,
    table: table.trim(),
    name,
    drops: lines.some((line) => line.startsWith(`:${name} DROP`)),
    meets: (packet) => packet.family === family,
    rulesOf: (chain) => rules.get(chain) ?? [],
  }));
}

type Question = (packet: Packet) => Answer;

/** Those of a rule's words that say what it asks. */
const QUESTIONS: Readonly<Record<string, (value: string, family: Packet['family']) => Question>> = {
  '-p': (value) => () => ['udp', '17', 'all', '0'].includes(value),
  '-i': (value) => (packet) => namesDevice(value, packet.device),
  '-s': (value, family) => (packet) => isWithin(packet.from, addressRange(value, family)),
  '-d': (value, family) => (packet) => isWithin(packet.to, addressRange(value, family)),
  '--dport': (value) => (packet) => isPort(value, packet.port),
  '--dports': (value) => (packet) => anyOf(value.split(',').map((each) => isPort(each, packet.port))),
  '--ctstate': (value) => () => isNew(value),
  '--state': (value) => () => isNew(value),
  '--pkt-type': (value) => (packet) => value === (packet.isMulticast ? 'multicast' : 'unicast'),
  '--dst-type': (value) => (packet) => value.split(',').includes(packet.isMulticast ? 'MULTICAST' : 'LOCAL'),
};

/** Words that ask nothing, and their value. */
const REMARKS: ReadonlySet<string> = new Set(['-m', '--comment']);

function ruleOf(words: readonly string[], family: Packet['family']): Rule {
  const questions: Question[] = [];
  let isNot = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const value = words[at + 1] ?? '';
    if (word === '!') {
      isNot = true;
      continue;
    }
    if (word === '-j' || word === '-g') {
      const deed = deedOf(word, value);
      return (packet) => {
        const answer = allOf(questions.map((question) => question(packet)));
        return deed === undefined || answer === false ? undefined : { deed, isCertain: answer === true };
      };
    }
    const question = QUESTIONS[word]?.(value, family);
    if (question !== undefined) questions.push(isNot ? (packet) => not(question(packet)) : question);
    else if (!REMARKS.has(word)) questions.push(() => undefined);
    isNot = false;
    if (/^[^-!]/.test(value)) at += 1;
  }
  return () => undefined;
}

/** Targets that let the packet go on to the next rule. */
const NEUTRAL =
  /^(LOG|NFLOG|ULOG|MARK|CONNMARK|CONNSECMARK|SECMARK|CT|NOTRACK|TRACE|AUDIT|SET|TOS|DSCP|TTL|HL|TCPMSS|CLASSIFY|CHECKSUM|TEE|LED|IDLETIMER|RATEEST)$/;

function deedOf(word: string, target: string): Deed | undefined {
  if (target === 'DROP' || target === 'REJECT') return 'drop';
  if (['ACCEPT', 'DNAT', 'REDIRECT', 'NFQUEUE', 'QUEUE', 'TPROXY'].includes(target)) return 'accept';
  if (target === 'RETURN') return 'return';
  if (NEUTRAL.test(target)) return undefined;
  return word === '-j' ? { jump: target } : { goto: target };
}

function isNew(states: string): boolean {
  return /(^|,)(NEW|UNTRACKED)(,|$)/.test(states);
}

/** `53`, `48800:48815`. */
function isPort(value: string, port: number): boolean {
  const [first, last = first] = value.split(':').map(Number);
  return first !== undefined && last !== undefined && port >= first && port <= last;
}
