import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { closedTables } from './iptables.js';
import { closedChains } from './nft.js';
import { packetsOf } from './packets.js';

/** What `nft -j list ruleset` shows of one chain. */
function ruleset(policy: string, ...rules: readonly (readonly object[])[]): string {
  const at = { family: 'inet', table: 'f' };
  return JSON.stringify({
    nftables: [
      { metainfo: {} },
      { table: { family: 'inet', name: 'f' } },
      { chain: { ...at, name: 'in', type: 'filter', hook: 'input', prio: 0, policy } },
      { chain: { ...at, name: 'other' } },
      { set: { ...at, name: 'ports', elem: [53, { range: [48_810, 48_820] }] } },
      { map: { ...at, name: 'verdicts', elem: [[48_783, { drop: null }]] } },
      ...rules.map((expr) => ({ rule: { ...at, chain: 'in', expr } })),
      { rule: { ...at, chain: 'other', expr: [udp(), drop] } },
    ],
  });
}

const info = (address: string, family: string, cidr: string) =>
  ({ address, family, cidr }) as NetworkInterfaceInfo;

/** What may come by a card of the LAN, and by one that leads to containers. */
const PACKETS = packetsOf(
  {
    lo: [info('127.0.0.1', 'IPv4', '127.0.0.1/8')],
    eth0: [info('10.0.0.2', 'IPv4', '10.0.0.2/24'), info('fe80::2', 'IPv6', 'fe80::2/64')],
    docker0: [info('172.17.0.1', 'IPv4', '172.17.0.1/16')],
  },
  undefined,
  { groups: [48_783], own: [[48_800, 48_815]] },
);

const [accept, drop] = [{ accept: null }, { drop: null }];
const udp = (op = '==') => ({ match: { op, left: { meta: { key: 'l4proto' } }, right: 'udp' } });
const port = (right: unknown) => ({
  match: { op: '==', left: { payload: { protocol: 'udp', field: 'dport' } }, right },
});
const dport = { payload: { protocol: 'udp', field: 'dport' } };
const meta = (key: string, right: unknown, op = '==') => ({ match: { op, left: { meta: { key } }, right } });
const card = (name: string, op = '==') => meta('iifname', name, op);
const address = (field: string, right: unknown) => ({
  match: { op: '==', left: { payload: { protocol: 'ip', field } }, right },
});
const source = (right: unknown) => address('saddr', right);
const target = (right: unknown) => address('daddr', right);
const concat = (values: readonly unknown[]) => ({
  match: {
    op: '==',
    left: { concat: [{ meta: { key: 'iifname' } }, dport] },
    right: { set: [{ concat: values }] },
  },
});
const lo = { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'lo' } };
const known = { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] } };
const from = {
  match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.0.0.9' },
};
const tcp = { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 22 } };

const CASES: readonly (readonly [what: string, text: string, isClosed: boolean])[] = [
  ['nothing', ruleset('accept'), false],
  ['a policy', ruleset('drop'), true],
  ['what is not for UDP', ruleset('drop', [lo, accept], [known, accept], [tcp, accept]), true],
  ['all UDP', ruleset('accept', [udp(), drop]), true],
  ['all', ruleset('accept', [{ reject: { type: 'icmpx' } }]), true],
  ['all but UDP', ruleset('accept', [udp('!='), drop]), false],
  ['the port', ruleset('accept', [port(48_783), drop]), true],
  ['a range', ruleset('accept', [port({ range: [1024, 65_535] }), drop]), true],
  ['another port', ruleset('accept', [port({ set: [53, { range: [1, 9] }] }), drop]), false],
  [
    'open ports first',
    ruleset('drop', [port({ set: [48_783, { range: [48_800, 48_815] }] }), accept], [udp(), drop]),
    false,
  ],
  ['one address', ruleset('accept', [from, drop]), false],
  ['what one address may', ruleset('drop', [from, accept], [meta('nfproto', 'ipv6'), accept]), false],
  ['what one address of one family may', ruleset('drop', [from, accept]), true],
  ['a jump', ruleset('accept', [{ jump: { target: 'other' } }]), true],
  ['a jump of another card', ruleset('accept', [card('eth1'), { jump: { target: 'other' } }]), false],
  ['a jump of our card', ruleset('accept', [card('eth*'), { jump: { target: 'other' } }]), true],
  ['a jump in doubt', ruleset('accept', [from, { goto: { target: 'other' } }]), false],
  ['a port of the range', ruleset('accept', [port(48_815), drop]), true],
  ['a named set', ruleset('accept', [port('@ports'), drop]), true],
  ['a verdict map', ruleset('accept', [{ vmap: { key: dport, data: '@verdicts' } }]), true],
  ['a map of other ports', ruleset('accept', [{ vmap: { key: dport, data: { set: [[53, drop]] } } }]), false],
  ['a concatenation', ruleset('accept', [concat(['eth0', 48_783]), drop]), true],
  ['another concatenation', ruleset('accept', [concat(['eth1', 48_783]), drop]), false],
  ['the containers’ card', ruleset('accept', [card('docker0'), udp(), drop]), false],
  ['all but loopback', ruleset('accept', [card('lo', '!='), udp(), { reject: null }]), true],
  ['one family', ruleset('accept', [meta('nfproto', 'ipv6'), udp(), drop]), true],
  ['the network', ruleset('accept', [source({ prefix: { addr: '10.0.0.0', len: 24 } }), drop]), true],
  ['another network', ruleset('accept', [source({ prefix: { addr: '10.0.1.0', len: 24 } }), drop]), false],
  ['multicast', ruleset('accept', [meta('pkttype', 'multicast'), drop]), true],
  ['the group', ruleset('accept', [target({ prefix: { addr: '224.0.0.0', len: 4 } }), drop]), true],
  ['a rate', ruleset('accept', [port(48_783), { limit: { rate: 9, inv: true } }, drop]), false],
  ['a remark', ruleset('accept', [port(48_783), { counter: {} }, { log: null }, drop]), true],
  ['what is allowed in part', ruleset('accept', [port(48_783), accept], [udp(), drop]), true],
  ['a return before', ruleset('accept', [{ return: null }], [udp(), drop]), false],
];

for (const [what, text, isClosed] of CASES) {
  test(`nft, closed by ${what}: ${isClosed}`, () => {
    const found = closedChains(text, PACKETS) ?? [];
    assert.deepEqual(
      found.map(({ name }) => name),
      isClosed ? ['in'] : [],
    );
  });
}

test('what is not from nft is not judged, and chains that jump in a circle end', () => {
  for (const text of ['', '{}', '[]', '{"nftables":1}', 'table inet f'])
    assert.equal(closedChains(text, PACKETS), undefined);
  const circle = ruleset('accept', [{ jump: { target: 'in' } }]);
  assert.deepEqual(closedChains(circle, PACKETS), []);
});

const RULES: readonly (readonly [rules: string, isClosed: boolean])[] = [
  ['-A INPUT -p udp -m udp --dport 48783 -j DROP', true],
  [
    '-A INPUT -p udp -m multiport --dports 53,48810:48820 -j REJECT --reject-with icmp-port-unreachable',
    true,
  ],
  ['-A INPUT -p udp -m udp ! --dport 53 -j DROP', true],
  ['-A INPUT -p udp -m udp --dport 53 -j DROP', false],
  ['-A INPUT -p tcp -m tcp --dport 48783 -j DROP', false],
  ['-A INPUT -i eth+ -m comment --comment "two words -j ACCEPT" -j CLOSED', true],
  ['-A INPUT ! -i eth0 -p udp -j DROP', false],
  ['-A INPUT -s 10.0.0.0/8 -p udp -g CLOSED', true],
  ['-A INPUT -s 10.0.0.9/32 -j DROP', false],
  ['-A INPUT ! -s 10.0.0.0/24 -j DROP', false],
  ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -j DROP', true],
  ['-A INPUT -p udp -j LOG --log-prefix "x "\n-A INPUT -p udp -j ACCEPT\n-A INPUT -j DROP', false],
  ['-A INPUT -m addrtype --dst-type MULTICAST -j DROP', true],
  ['-A INPUT -d 224.0.0.0/4 -j DROP', true],
  ['-A INPUT -m set --match-set bad src -j DROP', false],
  ['-A INPUT -p udp -m limit --limit 3/min -j DROP', false],
  ['-A OUTPUT -p udp -j DROP\n-A FORWARD -j DROP', false],
];

for (const [rules, isClosed] of RULES) {
  test(`iptables, closed by ${JSON.stringify(rules)}: ${isClosed}`, () => {
    const text = `*filter\n:INPUT ACCEPT [0:0]\n:CLOSED - [0:0]\n${rules}\n-A CLOSED -j DROP\nCOMMIT\n`;
    assert.equal(closedTables(text, 'ip', PACKETS).length, isClosed ? 1 : 0);
  });
}

test('iptables throws away by a policy, and in tables that come before', () => {
  assert.equal(closedTables('*filter\n:INPUT DROP [0:0]\nCOMMIT\n', 'ip6', PACKETS).length, 1);
  const raw = '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j DROP\nCOMMIT\n';
  const [found] = closedTables(raw, 'ip', PACKETS);
  assert.deepEqual([found?.table, found?.name, found?.refused.length], ['raw', 'PREROUTING', 17]);
});
