import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EchoAnswer } from '../discovery/echo.js';
import { PROBE_MS } from '../limits.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { probeAll } from './probe.js';

const answer: EchoAnswer = {
  computer: 'BRAVO',
  instance: '1'.repeat(16),
  via: 'lan',
  authenticated: true,
  address: '10.0.0.2:5',
  roundTripMs: 1,
  skewMs: 0,
};

test('all are asked at once and each alone, but for those that are gone; answers are awaited for so long', async () => {
  const clock = new VirtualClock();
  const { discovery, asked, open } = fakeDiscovery();
  const probing = probeAll(discovery, ['OFFICE', 'SHOP'], clock, new AbortController().signal);
  assert.deepEqual(asked, ['domain OFFICE', 'domain SHOP', 'computer BRAVO']);
  clock.advance(PROBE_MS);
  assert.deepEqual(
    (await probing).map(({ domain, asked: how }) => `${how} ${domain}`),
    ['all OFFICE', 'all SHOP', 'one OFFICE'],
  );
  assert.equal(open.size, 0);
});

test('it ends at once when nobody waits for it', async () => {
  const clock = new VirtualClock();
  const { discovery, open } = fakeDiscovery();
  const hangsUp = new AbortController();
  const probing = probeAll(discovery, ['OFFICE'], clock, hangsUp.signal);
  hangsUp.abort();
  await probing;
  assert.deepEqual([open.size, clock.pending], [0, 0]);
});

function fakeDiscovery() {
  const asked: string[] = [];
  const open = new Set<object>();
  const entry = {
    domain: 'OFFICE',
    transports: ['lan'],
    addresses: [],
    instances: 1,
    since: 0,
    lastSeen: 0,
    offers: [],
    conflict: undefined,
  };
  const discovery: Parameters<typeof probeAll>[0] = {
    computers: () => [
      { ...entry, name: 'BRAVO', state: 'here' },
      { ...entry, name: 'CHARLIE', state: 'gone' },
    ],
    probe: (_domain, to, answered) => {
      asked.push(`${to.kind} ${to.name}`);
      answered(answer);
      const question = {};
      open.add(question);
      return () => open.delete(question);
    },
  };
  return { discovery, asked, open };
}
