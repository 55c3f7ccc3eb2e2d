import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedChains } from './doctor-nft.js';

/** What `nft -j list ruleset` shows of one chain. */
function ruleset(policy: string, ...rules: readonly (readonly object[])[]): string {
  const at = { family: 'inet', table: 'f' };
  return JSON.stringify({
    nftables: [
      { metainfo: {} },
      { table: { family: 'inet', name: 'f' } },
      { chain: { ...at, name: 'in', type: 'filter', hook: 'input', prio: 0, policy } },
      { chain: { ...at, name: 'other' } },
      ...rules.map((expr) => ({ rule: { ...at, chain: 'in', expr } })),
      { rule: { ...at, chain: 'other', expr: [udp(), drop] } },
    ],
  });
}

const [accept, drop] = [{ accept: null }, { drop: null }];
const udp = (op = '==') => ({ match: { op, left: { meta: { key: 'l4proto' } }, right: 'udp' } });
const port = (right: unknown) => ({
  match: { op: '==', left: { payload: { protocol: 'udp', field: 'dport' } }, right },
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
  ['an open port first', ruleset('drop', [port({ set: [48_783, 53] }), accept], [udp(), drop]), false],
  ['one address', ruleset('accept', [from, drop]), false],
  ['what one address may', ruleset('drop', [from, accept]), false],
  ['a jump', ruleset('accept', [{ jump: { target: 'other' } }]), true],
  ['a return before', ruleset('accept', [{ return: null }], [udp(), drop]), false],
];

for (const [what, text, isClosed] of CASES) {
  test(`nft, closed by ${what}: ${isClosed}`, () => {
    const chains = isClosed ? [{ family: 'inet', table: 'f', name: 'in' }] : [];
    assert.deepEqual(closedChains(text, 48_783), chains);
  });
}

test('what is not from nft is not judged, and chains that jump in a circle end', () => {
  for (const text of ['', '{}', '[]', '{"nftables":1}', 'table inet f'])
    assert.equal(closedChains(text, 1), undefined);
  const circle = ruleset('accept', [{ jump: { target: 'in' } }]);
  assert.deepEqual(closedChains(circle, 1), []);
});
