import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DomainStatus, NatsSettings, NatsState } from 'mailslot';
import type { Config } from 'mailslot/domains';
import type { Finding } from './finding.js';
import { lanFindings } from './lan.js';
import { natsFindings } from './nats.js';

const servers = ['nats://a.example:4222'];

test('a connection that is as it should be is one good finding', () => {
  assert.deepEqual(examined({}), [
    {
      check: 'nats',
      ok: true,
      finding: 'OFFICE: connected to a.example:4222: nats-server 2.11.1, TLS, sealed, 1.3 ms',
    },
  ]);
  assert.match(String(examined({ reconnects: 3 })[0]?.finding), /lost and found again 3 times$/);
});

test('without NATS nothing is said, unless the configuration has it', () => {
  assert.deepEqual(natsFindings(domain(undefined), 'ALPHA', config(undefined)), []);
  assert.deepEqual(natsFindings(domain(undefined), 'ALPHA', undefined), []);
  const [other] = natsFindings(domain(undefined), 'ALPHA', config({ servers }));
  assert.match(String(other?.next), /end it and start it again/);
  const [missing] = natsFindings(domain({ state: 'missing', servers }), 'ALPHA', config({ servers }));
  assert.equal(missing?.ok, false);
  assert.match(String(missing?.next), /run "mailslot serve"/);
});

test('a server that is not reached: why decides what to do', () => {
  const cases: readonly (readonly [problemCode: NatsState['problemCode'], next: RegExp])[] = [
    ['unreachable', /whether the server runs/],
    ['lost', /whether the server runs/],
    ['name-unknown', /a mistake in its name/],
    ['not-let-in', /the users in the configuration of the server/],
    ['tls', /--ca FILE/],
    ['settings', /mailslot nats use/],
    [undefined, /whether the server runs/],
  ];
  for (const [problemCode, next] of cases) {
    // Whatever the words are, in whatever language.
    const [finding] = examined({
      state: 'connecting',
      problemCode,
      problem: 'TLS ENOTFOUND max_payload nkey',
    });
    assert.equal(finding?.ok, false);
    assert.match(String(finding?.finding), /^OFFICE: nats:\/\/a\.example:4222: connecting/);
    assert.match(String(finding?.next), next, problemCode);
  }
});

test('what may be wrong with a server that is reached', () => {
  const cases: readonly (readonly [state: Partial<NatsState>, finding: RegExp, next: RegExp])[] = [
    [{ maxPayload: 32_768 }, /takes 32768 bytes at once, and long messages need up to 65507/, /max_payload/],
    [{ rttMs: 2_500 }, /answers in 2\.5 s/, /nearer/],
    [{ keyInUse: undefined }, /no key is in use/, /mailslot key use/],
    [
      { refused: ['publish ms.a.b.c.d'] },
      /refuses this computer: publish ms\.a\.b\.c\.d/,
      /all computers and domains at once: "mailslot nats permissions ALPHA … --domain OFFICE …"/,
    ],
    [{ sent: { ...QUIET.sent, doubtful: 2 } }, /2 messages had left .* nobody knows/, /cluster/],
    [
      { problem: 'the server says that it is full', problemCode: 'max-subscriptions' },
      /^OFFICE: the server says/,
      /max_subscriptions/,
    ],
    [
      { problem: 'the server says max_payload', problemCode: 'server' },
      /^OFFICE: the server says max_payload$/,
      /its? log|log of/,
    ],
    [
      { maxPayload: 100, problem: 'too small', problemCode: 'max-payload' },
      /takes 100 bytes at once/,
      /max_payload/,
    ],
    [{ received: dropped({ flood: 9 }) }, /9 packets came that were too many/, /\/connz of the server/],
    [{ received: dropped({ malformed: 8 }) }, /8 packets came that are not laid out/, /\/connz/],
    [{ received: dropped({ forged: 4 }) }, /4 packets came under a false seal/, /a user of its own/],
    [
      { received: dropped({ foreign: 5 }) },
      /5 packets came that are sealed with a key/,
      /mailslot key share.*\/connz/,
    ],
  ];
  for (const [state, finding, next] of cases) {
    const wrong = examined(state).filter(({ ok }) => !ok);
    assert.equal(wrong.length, 1, String(finding));
    assert.match(String(wrong[0]?.finding), finding);
    assert.match(String(wrong[0]?.next), next);
  }
});

test('why messages were not sent is told as far as it can be seen', () => {
  const unsent = (state: Partial<NatsState>): Finding | undefined =>
    examined({ ...state, sent: { ...QUIET.sent, unsent: 7 } }).find(({ finding }) =>
      /7 messages/.test(finding),
    );
  const cases: readonly (readonly [state: Partial<NatsState>, why: string, next: RegExp])[] = [
    [{ state: 'lost' }, 'no server took them within 20 s', /cluster/],
    [{ reconnects: 1 }, 'no server took them within 20 s', /cluster/],
    [{ keyInUse: undefined }, 'no key was in use', /^run "mailslot key use"$/],
    [{ maxPayload: 32_768 }, 'they were longer than the server takes', /max_payload/],
    [
      { refused: ['subscription ms.a', 'publish ms.b'] },
      'its permissions do not let this computer publish them',
      /permissions ALPHA …/,
    ],
  ];
  for (const [state, why, next] of cases) {
    assert.equal(unsent(state)?.finding, `OFFICE: 7 messages were not sent: ${why}`);
    assert.match(String(unsent(state)?.next), next);
  }
  const both = unsent({ keyInUse: undefined, refused: ['publish ms.b'] });
  assert.match(String(both?.finding), /no key was in use, or its permissions/);
  assert.match(String(both?.next), /"mailslot key use"; make the block/);
  for (const state of [{}, { refused: ['subscription ms.a'] }, { sealed: false, keyInUse: undefined }]) {
    const past = unsent(state);
    for (const [, why] of cases) assert.ok(past?.finding.includes(why), why);
    assert.match(String(past?.finding), /none of that is so now$/);
  }
});

test('a secret in clear is told where others could read it; not sealed is a choice', () => {
  const wrong = (state: Partial<NatsState>, settings: Partial<NatsSettings>): number =>
    examined(state, settings).filter(({ ok }) => !ok).length;
  assert.equal(wrong({ tls: false }, { token: 'x' }), 1);
  assert.equal(wrong({ tls: false }, { user: 'a', password: 'x' }), 1);
  assert.equal(wrong({ tls: false }, { nkey: '/a.nk' }), 0);
  assert.equal(wrong({ tls: true }, { token: 'x' }), 0);
  assert.equal(wrong({ tls: false, server: '127.0.0.1:4222' }, { token: 'x' }), 0);
  const open = examined({ sealed: false, keyInUse: undefined }, { seal: false });
  assert.deepEqual(
    open.map(({ ok }) => ok),
    [true, true],
  );
  assert.match(String(open[1]?.next), /without --no-seal/);
});

test('a LAN that is not used, and one whose receive buffer is small', () => {
  assert.deepEqual(
    lanFindings(domain(undefined), false, () => 0, new Set()).map(({ ok }) => ok),
    [true],
  );
  const group = { family: 'IPv4' as const, address: '239.255.77.83', port: 1, joined: ['eth0'], refused: {} };
  const withBuffer = (receiveBuffer: number, overflows?: number): readonly Finding[] => {
    const groups = [{ ...group, receiveBuffer }];
    const lan = {
      groups,
      ways: [{}],
      problems: {},
      leftOut: [],
      peers: [],
      strangers: [],
    } as unknown as NonNullable<DomainStatus['lan']>;
    return lanFindings({ ...domain(undefined), lan }, true, () => overflows, new Set());
  };
  assert.equal(withBuffer(1_048_576).length, 1);
  const [, small] = withBuffer(425_984, 0);
  assert.deepEqual([small?.ok, small?.next], [true, undefined]);
  assert.match(String(small?.finding), /416 KB; it has not overflowed$/);
  assert.match(String(withBuffer(425_984)[1]?.finding), /cannot be seen on this system$/);
  const [, full] = withBuffer(425_984, 7);
  assert.match(String(full?.finding), /threw 7 packets away because it was full$/);
  assert.deepEqual([full?.ok, /net\.core\.rmem_max/.test(String(full?.next))], [false, true]);
});

function examined(state: Partial<NatsState>, settings: Partial<NatsSettings> = {}): Finding[] {
  return natsFindings(domain({ ...QUIET, ...state }), 'ALPHA', config({ servers, ...settings }));
}

function domain(nats: DomainStatus['nats']): DomainStatus {
  return { name: 'OFFICE', keys: ['00000000'], inUse: '00000000', lan: undefined, nats };
}

function config(nats: NatsSettings | undefined): Config {
  const domains = [{ name: 'OFFICE', keys: [], use: undefined, lan: {}, nats }];
  return { path: '/c.json', computer: 'ALPHA', isNamedByHost: false, domains, policy: undefined };
}

const QUIET: NatsState = {
  servers,
  state: 'connected',
  server: 'a.example:4222',
  serverVersion: '2.11.1',
  tls: true,
  sealed: true,
  keyInUse: '00000000',
  maxPayload: 1_048_576,
  rttMs: 1.25,
  reconnects: 0,
  problem: undefined,
  problemCode: undefined,
  refused: [],
  subscriptions: 4,
  sent: { packets: 0, bytes: 0, messages: 0, unsent: 0, doubtful: 0 },
  received: {
    packets: 0,
    bytes: 0,
    messages: 0,
    dropped: { malformed: 0, foreign: 0, forged: 0, replay: 0, flood: 0, 'too-large': 0 },
  },
  waiting: 0,
};

function dropped(counts: Partial<NatsState['received']['dropped']>): NatsState['received'] {
  return { ...QUIET.received, dropped: { ...QUIET.received.dropped, ...counts } };
}
