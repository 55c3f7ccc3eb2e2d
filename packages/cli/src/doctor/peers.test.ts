import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComputerEntry, ProbeAnswer } from 'mailslot';
import { peerFindings, probeFindings } from './peers.js';

const NOW = 1_800_000_000_000;

test('alone, with others, with others that are gone', () => {
  const own = computer('ALPHA', { transports: ['loop'], addresses: [] });
  assert.match(badOf(peerFindings([own], 'ALPHA', NOW)).join(), /^no other computer was heard$/);
  assert.deepEqual(badOf(peerFindings([own, computer('BRAVO')], 'ALPHA', NOW)), []);
  const silent = computer('BRAVO', { state: 'silent', lastSeen: NOW - 200_000 });
  assert.deepEqual(badOf(peerFindings([own, silent], 'ALPHA', NOW)), [
    'BRAVO in OFFICE (10.0.0.2:5) is silent, heard last 3m ago',
  ]);
});

test('several machines with one name are told with their addresses', () => {
  const claimant = (address: string) => ({ instance: '0'.repeat(16), address, since: NOW });
  const own = computer('ALPHA', { conflict: [claimant(''), claimant('10.0.0.3:7')], instances: 2 });
  assert.match(
    badOf(peerFindings([own], 'ALPHA', NOW)).join(),
    /use the name ALPHA: this one, 10\.0\.0\.3:7$/,
  );
});

test('who answers to both questions, to one, to none', () => {
  const bravo = computer('BRAVO');
  const one = answer({ asked: 'one', roundTripMs: 1.25 });
  const all = answer({ asked: 'all', roundTripMs: 700 });
  assert.deepEqual(
    probeFindings([bravo], [one, all], 'own').map(({ ok, finding }) => ({ ok, finding })),
    [{ ok: true, finding: 'BRAVO (10.0.0.2:5) answered in 1.3 ms, by the group in 700.0 ms' }],
  );
  assert.deepEqual(badOf(probeFindings([bravo], [all], 'own')), []);
  assert.match(badOf(probeFindings([bravo], [one], 'own')).join(), /not by the group: multicast is lost/);
  const afar = { ...one, via: 'nats' };
  assert.match(badOf(probeFindings([bravo], [afar], 'own')).join(), /the NATS server does not hand on/);
  assert.match(
    badOf(probeFindings([bravo], [], 'own')).join(),
    /BRAVO .* announces itself, and does not answer/,
  );
  const nextOf = (transports: ComputerEntry['transports']): string =>
    String(probeFindings([computer('BRAVO', { transports })], [], 'own')[0]?.next);
  assert.match(nextOf(['lan', 'nats']), /firewalls of both/);
  assert.match(nextOf(['nats']), /"mailslot nats permissions BRAVO … --domain OFFICE …"/);
  assert.deepEqual(probeFindings([], [answer({ instance: 'own' })], 'own'), []);
  assert.deepEqual(probeFindings([computer('ALPHA', { transports: ['loop'] })], [], 'own'), []);
});

test('a clock that is far off is told, whichever way', () => {
  for (const [skewMs, words] of [
    [25_000, '25s ahead of ours'],
    [-3_600_000, '60m behind ours'],
  ] as const) {
    assert.ok(badOf(probeFindings([], [answer({ skewMs })], 'own')).some((text) => text.includes(words)));
  }
});

test('a clock is not blamed for an answer that took long, as after a standstill here', () => {
  const late = answer({ skewMs: -20_000, roundTripMs: 40_000 });
  assert.deepEqual(
    badOf(probeFindings([], [late, answer({ asked: 'all', roundTripMs: 40_000 })], 'own')),
    [],
  );
  const soon = answer({ asked: 'all', skewMs: -12_000, roundTripMs: 3 });
  assert.match(badOf(probeFindings([], [late, soon], 'own')).join(), /its clock is 12 ?s behind ours/);
});

test('a crowd that announces itself and does not answer is summed up in one line', () => {
  const crowd = Array.from({ length: 450 }, (_, at) => computer(`PH${at}`));
  const findings = badOf(probeFindings(crowd, [], 'own'));
  assert.equal(findings.length, 1);
  assert.match(findings[0] ?? '', /^450 computers announce themselves and do not answer: PH0, PH1/);
});

function computer(name: string, more: Partial<ComputerEntry> = {}): ComputerEntry {
  return {
    name,
    domain: 'OFFICE',
    transports: ['lan'],
    addresses: ['10.0.0.2:5'],
    instances: 1,
    since: NOW - 60_000,
    lastSeen: NOW,
    offers: [],
    state: 'here',
    conflict: undefined,
    ...more,
  };
}

function answer(more: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return {
    computer: 'BRAVO',
    instance: '1'.repeat(16),
    via: 'lan',
    authenticated: true,
    address: '10.0.0.2:5',
    roundTripMs: 1,
    skewMs: 0,
    domain: 'OFFICE',
    asked: 'one',
    ...more,
  };
}

function badOf(findings: readonly { readonly ok: boolean; readonly finding: string }[]): string[] {
  return findings.filter(({ ok }) => !ok).map(({ finding }) => finding);
}
