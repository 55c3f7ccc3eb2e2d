import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedirectorStatus } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { foreignScope, scopeOf } from './scope.js';

function running(...lans: readonly object[]): RedirectorStatus {
  return { domains: lans.map((lan) => ({ name: 'OFFICE', ...lan })) } as unknown as RedirectorStatus;
}

const LO = { lan: { groups: [{ port: 5_000 }], ways: [{ interface: 'lo', port: 5_100 }] } };

test('in another user’s root only what its redirector uses is looked at', () => {
  assert.deepEqual(foreignScope(running(LO)), {
    usesLan: true,
    chosen: ['lo'],
    used: ['lo'],
    ports: { groups: [5_000], own: [[5_100, 5_100]] },
  });
  assert.equal(foreignScope(running({ nats: {} })).usesLan, false);
  assert.equal(foreignScope(undefined).usesLan, false);
});

test('in one’s own root the configuration counts, and what is open beside', () => {
  const of = (lan: object | false): Config =>
    ({ domains: [{ name: 'OFFICE', keys: [], use: undefined, lan }] }) as unknown as Config;
  assert.equal(scopeOf(of(false), undefined).usesLan, false);
  assert.deepEqual(scopeOf(of({ port: 7, unicastPort: 8, interfaces: ['eth0'] }), undefined), {
    usesLan: true,
    chosen: ['eth0'],
    used: ['eth0'],
    ports: { groups: [7], own: [[8, 23]] },
  });
  assert.deepEqual(scopeOf(of({}), running(LO)).ports, {
    groups: [48_783, 5_000],
    own: [
      [48_800, 48_815],
      [5_100, 5_100],
    ],
  });
});
