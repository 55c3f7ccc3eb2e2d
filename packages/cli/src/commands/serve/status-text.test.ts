import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DomainStatus, NatsState, RedirectorStatus } from 'mailslot';
import { identityText } from './status-text.js';

test('each way of a domain has its rows', () => {
  assert.deepEqual(waysOf(undefined), ['lan: not used']);
  assert.deepEqual(waysOf({ state: 'missing', servers: ['nats://a'] }), [
    'lan: not used',
    'nats: nats://a: not used, this redirector was started without it',
  ]);
  assert.deepEqual(waysOf(nats({})), [
    'lan: not used',
    'nats: connected to a:4222: nats-server 2.11.1, no TLS, not sealed',
    'nats: sent 3, received 4, slots ask by 5 subjects',
  ]);
  assert.deepEqual(waysOf(nats({ problem: 'too many of them' })).slice(1, 3), [
    'nats: connected to a:4222: nats-server 2.11.1, no TLS, not sealed',
    'nats: too many of them',
  ]);
  const sent = { packets: 1, bytes: 1, messages: 3, unsent: 6, doubtful: 7 };
  const state = { state: 'lost', problem: 'the end\x1b[0m', refused: ['publish ms.a'], sent } as const;
  assert.deepEqual(waysOf(nats(state)), [
    'lan: not used',
    'nats: nats://a nats://b: lost, the end\\x1b[0m',
    'nats: sent 3, received 4, slots ask by 5 subjects',
    'nats: not sent 6, unknown whether sent 7',
    'nats: the server refuses: publish ms.a',
  ]);
});

function waysOf(nats: DomainStatus['nats']): string[] {
  const domain: DomainStatus = { name: 'OFFICE', keys: [], inUse: undefined, lan: undefined, nats };
  const status = {
    root: '/r',
    pid: 1,
    computer: 'A',
    instance: '0',
    domains: [domain],
  } as unknown as RedirectorStatus;
  const rows = identityText(status)
    .split('\n')
    .filter((line) => line.startsWith('  '));
  return rows.map((row) => row.trim().replace(/: +/, ': '));
}

function nats(more: Partial<NatsState>): NatsState {
  return {
    servers: ['nats://a', 'nats://b'],
    state: 'connected',
    server: 'a:4222',
    serverVersion: '2.11.1',
    tls: false,
    sealed: false,
    keyInUse: undefined,
    maxPayload: undefined,
    rttMs: undefined,
    reconnects: 0,
    problem: undefined,
    problemCode: undefined,
    refused: [],
    subscriptions: 5,
    sent: { packets: 1, bytes: 1, messages: 3, unsent: 0, doubtful: 0 },
    received: {
      packets: 1,
      bytes: 1,
      messages: 4,
      dropped: { malformed: 0, foreign: 0, forged: 0, replay: 0, flood: 0, 'too-large': 0 },
    },
    waiting: 0,
    ...more,
  };
}
