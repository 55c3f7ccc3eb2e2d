import assert from 'node:assert/strict';
import { unlinkSync, writeFileSync } from 'node:fs';
import { openMailslot } from 'mailslot';
import type { Play } from './play.js';

/** Longer than a play may take: a timer that is left would be noticed. */
const LONG = 600_000;

/** Ways of giving up a wait for a slot. */
export const waiting: Readonly<Record<string, Play>> = {
  'a wait in a root that cannot be used': async (slot) => {
    const root = `${slot.root}/file`;
    writeFileSync(root, '');
    await assert.rejects(openMailslot('app', { root, wait: LONG }), { code: 'ERR_MAILSLOT_UNUSABLE_ROOT' });
    unlinkSync(root);
  },

  'waits that are aborted, before and after they began': async ({ root }) => {
    const stop = new AbortController();
    const waits = Promise.allSettled([
      openMailslot('never', { root, wait: LONG, signal: stop.signal }),
      openMailslot('never', { root, wait: stop.signal }),
    ]);
    stop.abort(stop);
    for (const outcome of await waits) assert.equal(outcome.status === 'rejected' && outcome.reason, stop);
    await assert.rejects(
      openMailslot('never', { root, wait: LONG, signal: stop.signal }),
      (error) => error === stop,
    );
    await assert.rejects(openMailslot('never', { root, wait: stop.signal }), (error) => error === stop);
  },

  'a wait that succeeds': async (slot) => {
    const client = await openMailslot(slot.name, { root: slot.root, wait: LONG });
    await client.close();
  },
};
