import { test } from 'node:test';
import { needs } from '../support/needs.js';
import { Bench, QUICK } from './bench.js';
import { natsSmoke } from './cases/nats-smoke.js';

test('bench: computers that a NATS server connects', needs('nats-server'), async (t) => {
  const bench = new Bench(QUICK);
  t.after(() => bench.close());
  await natsSmoke(bench);
});
