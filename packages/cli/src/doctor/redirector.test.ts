import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedirectorStatus } from 'mailslot';
import { wakeRemedy } from './actions.js';
import { type Context, redirectorFindings } from './redirector.js';

const AROUND: Context = {
  hasPeers: true,
  overflows: () => 0,
  isClockRight: true,
  closed: [],
  answered: new Set(),
};

test('packets that came over NATS are not looked for on the LAN', () => {
  assert.deepEqual(lossesOf([['nats', 0]]), ['none of 0 messages that came']);
  assert.deepEqual(lossesOf([['nats', 7]]), []);
  assert.deepEqual(
    lossesOf([
      ['lan', 2],
      ['nats', 7],
    ]),
    ['2 packets that were too many to look at', '2 packets that are not laid out as they should be'],
  );
});

/** What is said when so many packets of each kind were thrown away by each transport. */
function lossesOf(counts: readonly (readonly [transport: string, packets: number])[]): string[] {
  const droppedOf = (packets: number) => ({ flood: packets, malformed: packets });
  const total = counts.reduce((sum, [, packets]) => sum + packets, 0);
  const transports = counts.map(([name, packets]) => ({ name, dropped: droppedOf(packets) }));
  const statistics = {
    received: total,
    gaps: 0,
    refused: {},
    dropped: droppedOf(total),
    domains: [{ transports }],
  };
  const status = { pid: 1, computer: 'ALPHA', domains: [], statistics } as unknown as RedirectorStatus;
  const findings = redirectorFindings(status, undefined, AROUND);
  return findings.filter(({ check }) => check === 'losses').map(({ finding }) => finding);
}

test('whose clock is off is told, and that our own was', () => {
  const clock = { computer: 'BETA', address: '10.0.0.7:1', aheadMs: -3_600_000, messages: 2 };
  const status = {
    pid: 1,
    computer: 'ALPHA',
    domains: [],
    statistics: {
      dropped: { flood: 0, malformed: 0 },
      refused: { clock: 3 },
      gaps: 0,
      received: 0,
      domains: [{ name: 'OFFICE', transports: [], otherClocks: [clock] }],
    },
  };
  const found = redirectorFindings(status as never, undefined, AROUND)
    .filter(({ ok }) => !ok)
    .map(({ finding }) => finding);
  assert.deepEqual(found, [
    '2 messages of BETA in OFFICE (10.0.0.7:1) were thrown away: the last bore a time 60m behind ours',
    '3 messages of this computer that were not sent: its clock says a time that cannot be',
  ]);
});

test('after a standstill nobody is told to set clocks', () => {
  const statistics = {
    received: 9,
    gaps: 0,
    refused: {},
    dropped: { standstill: 9, clock: 0, flood: 0, malformed: 0 },
    domains: [],
  };
  const status = { pid: 1, computer: 'ALPHA', domains: [], statistics } as unknown as RedirectorStatus;
  const [loss] = redirectorFindings(status, undefined, AROUND).filter(({ check }) => check === 'losses');
  assert.match(loss?.finding ?? '', /^9 messages that waited too long while this computer/);
  assert.doesNotMatch(loss?.next ?? '', /NTP/);
});

test('by a clock of our own that cannot be right, others are not told to set theirs', () => {
  const dropped = { standstill: 0, clock: 9, flood: 0, malformed: 0 };
  const statistics = { received: 9, gaps: 0, refused: {}, dropped, domains: [] };
  const status = { pid: 1, computer: 'ALPHA', domains: [], statistics } as unknown as RedirectorStatus;
  const nextOf = (isClockRight: boolean): string | undefined =>
    redirectorFindings(status, undefined, { ...AROUND, isClockRight }).find(({ check }) => check === 'losses')
      ?.next;
  assert.match(nextOf(true) ?? '', /^set the clocks of the computers/);
  assert.match(nextOf(false) ?? '', /^set the clock of this computer/);
});

test('a redirector that does not answer is ended by a command that the system has', () => {
  assert.match(wakeRemedy('win32'), /taskkill \/f \/pid/);
  assert.doesNotMatch(wakeRemedy('win32'), /kill -|\bps /);
  for (const platform of ['linux', 'darwin'] as const) assert.match(wakeRemedy(platform), /kill -CONT/);
});

test('a larger buffer is the remedy only where the system says that packets overflowed it', () => {
  const peers = (changes: object): object => ({ peers: [{ computer: 'BETA', losing: [], ...changes }] });
  const of = (lan: object, around: Partial<Context>): string[] => {
    const whole = {
      groups: [{ joined: [], refused: {}, receiveBuffer: 425_984 }],
      ways: [{}],
      problems: {},
      strangers: [],
      leftOut: [],
      peers: [],
      ...lan,
    };
    const statistics = { received: 9, gaps: 3, refused: {}, dropped: { standstill: 1 }, domains: [] };
    const domains = [{ name: 'OFFICE', keys: [], nats: undefined, lan: whole }];
    const status = { pid: 1, computer: 'ALPHA', domains, statistics } as unknown as RedirectorStatus;
    const findings = redirectorFindings(status, undefined, { ...AROUND, ...around });
    const loss = findings.find(({ finding }) => finding === '2 messages were lost on the way');
    const withSysctl = findings.filter(({ next = '' }) => next.includes('rmem_max'));
    return [String(loss?.next), String(withSysctl.length)];
  };
  const [full, two] = of({}, { overflows: () => 5 });
  assert.match(String(full), /^the receive buffer was full: as root "sysctl -w net\.core\.rmem_max=4194304"/);
  assert.equal(two, '2');
  const large = { groups: [{ joined: [], refused: {}, receiveBuffer: 8_388_608 }] };
  assert.match(of(large, { overflows: () => 5 }).join(), /processor.*,0$/);
  assert.match(of({}, {}).join(), /^why is not known here.*,0$/);
  assert.match(of({}, { overflows: () => undefined }).join(), /^why is not known here.*,0$/);
  assert.match(of({}, { closed: ['nftables'] }).join(), /^nftables throws packets away.*,0$/);
  assert.match(of(peers({ lostFrom: 1_500 }), {}).join(), /^long packets are lost: .*MTU.*,0$/);
});
