import { test } from 'node:test';
import { onLinux } from '../harness/platform.js';
import { needs } from '../support/needs.js';
import { Bench, QUICK } from './bench.js';
import { tryOutLan } from './cases/lan-smoke.js';
import type { Wire } from './processes/lan.js';

const rights = {
  loopback: onLinux,
  namespaces: onLinux.skip ? onLinux : needs('root', 'ip'),
} as const satisfies Record<Wire, object>;

for (const wire of ['loopback', 'namespaces'] as const) {
  test(`bench: computers of a LAN, ${wire}`, rights[wire], async (t) => {
    const bench = new Bench(QUICK);
    t.after(() => bench.close());
    await tryOutLan(bench, wire);
  });
}
