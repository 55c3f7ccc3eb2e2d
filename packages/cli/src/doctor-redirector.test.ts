import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HouseStatus } from 'mailslot';
import { redirectorFindings } from './doctor-redirector.js';

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
  const status = { pid: 1, computer: 'ALPHA', domains: [], statistics } as unknown as HouseStatus;
  const findings = redirectorFindings(status, undefined, true);
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
  const found = redirectorFindings(status as never, undefined, true)
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
  const status = { pid: 1, computer: 'ALPHA', domains: [], statistics } as unknown as HouseStatus;
  const [loss] = redirectorFindings(status, undefined, true).filter(({ check }) => check === 'losses');
  assert.match(loss?.finding ?? '', /^9 messages that waited too long while this computer/);
  assert.doesNotMatch(loss?.next ?? '', /NTP/);
});
