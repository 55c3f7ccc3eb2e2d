import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isOnPath, type Peer } from './peers.js';

export type Need = Peer | 'git' | 'root' | '/dev/fuse';

/**
 * Options for a test that needs something of the machine: `test('…', needs('sudo', 'root'), …)`. Where it is missing
 * the test is skipped and `npm test` lists it as not shown, except in CI on Linux: there everything can be installed,
 * so that a missing peer is a failure and not a quiet hole.
 */
export function needs(...wanted: Need[]): { skip: string | false } {
  const missing = missingOf(wanted);
  if (missing.length === 0) return { skip: false };
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['CI'] === 'true' && process.platform === 'linux') test(reason, () => assert.fail(reason));
  return { skip: reason };
}

/** What of that this machine, or its user, has not. */
export function missingOf(wanted: readonly Need[]): Need[] {
  return wanted.filter((need) => !isMet(need));
}

function isMet(need: Need): boolean {
  if (need === 'root') return process.getuid?.() === 0;
  return need.startsWith('/') ? existsSync(need) : isOnPath(need);
}
