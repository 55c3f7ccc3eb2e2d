import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { openMailslot } from 'mailslot';
import { spread } from '../harness/numbers.js';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { sizes } from './sizes.js';

const TIMEOUT = { code: 'ERR_MAILSLOT_TIMEOUT' };
const LONG = 60_000;

proof(
  'a client that starts before its server gets through as soon as the server is there',
  async ({ root, agent }) => {
    const client = await agent();
    const lateMs: number[] = [];
    for (let start = 0; start < sizes.earlyClients; start += 1) {
      // At first there is not even a root, then what a killed server left.
      if (start === 1) rmSync(root, { recursive: true });
      const opened = client.ask('timedOpen', 'late', { root, wait: LONG });
      // Questions are begun in their order: when this is answered, the client waits.
      await client.ask('time');
      const server = await agent();
      const { to } = await server.ask('claim', 'late', { root });
      const { end, at } = await opened;
      lateMs.push(at - to);
      await client.ask('write', end, 'at last');
      await client.ask('close', end);
      await server.kill();
    }
    return {
      starts: lateMs.length,
      msAfterServer: spread(lateMs),
    };
  },
  onUnix,
);

proof('a wait ends in time, or with its signal', async ({ root }) => {
  await assert.rejects(openMailslot('never', { root, wait: 50 }), TIMEOUT);
  const reason = new Error('enough');
  const wait = new AbortController();
  const waiting = openMailslot('never', { root, wait: wait.signal });
  const signal = new AbortController();
  const both = openMailslot('never', { root, wait: LONG, signal: signal.signal });
  wait.abort(reason);
  signal.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(both, reason);
  return {};
});
