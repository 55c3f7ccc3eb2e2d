import assert from 'node:assert/strict';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { measureScale } from '../simulate/nats/measure.js';
import { isFair } from '../simulate/nats/report.js';
import { needs } from '../support/needs.js';

/*
 * The short form of `npm run simulate -- --nats`.
 */

proof(
  '100 computers on one server: what 20 of them have a slot for is given to 20, what all have to all',
  async (at) => {
    const scale = await measureScale(at, 100, () => {});
    assert.ok(isFair(scale), JSON.stringify(scale));
    return { ...scale };
  },
  onLinux,
  needs('nats-server'),
);
