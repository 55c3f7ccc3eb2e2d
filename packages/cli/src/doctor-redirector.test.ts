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
