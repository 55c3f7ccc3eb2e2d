import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { newDomain } from '../daemon/daemon.test.support.js';
import { createMailslot, sendMessage, startRedirector } from '../index.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { closedAfter, portsWith, runModule, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { type Clock, realClock } from '../ports/clock.js';
import { feedFrom } from './feed.js';

const onUnix = { skip: process.platform === 'win32' && 'Windows tells nobody of new pipes', timeout: 20_000 };

/** Time passes, but for alarms that do not hold the process: how many are set is what it tells. */
class PatientClock implements Clock {
  readonly now: Clock['now'] = realClock.now;
  readonly monotonic: Clock['monotonic'] = realClock.monotonic;
  readonly after: Clock['after'] = realClock.after;
  readonly set = new Set<object>();

  afterIdle(): { cancel(): void } {
    const alarm = { cancel: () => void this.set.delete(alarm) };
    this.set.add(alarm);
    return alarm;
  }
}

test(
  'a slot hears of a redirector that comes, without waiting for its own time to ask',
  onUnix,
  async (t) => {
    const root = temporaryRoot(t);
    const slot = closedAfter(t, await createMailslot('alerts', { root }));
    const clock = new PatientClock();
    const ports = portsWith(clock);
    const attached = new EventTarget();
    let times = 0;
    const feed = feedFrom({
      slot: 'alerts',
      remote: 'domain',
      scope: 'site',
      slots: findSlots(root),
      ports,
      onComputer: () => {
        times += 1;
        attached.dispatchEvent(new Event('attached'));
      },
    })((socket) => t.after(() => socket.destroy()));
    t.after(() => feed.close());
    await feed.ready;
    assert.equal(ports.warnings.length, 1, 'there is no redirector yet');
    assert.equal(clock.set.size, 1);
    const heard = new Promise((resolve) => attached.addEventListener('attached', resolve, { once: true }));
    const path = `${root}/config.json`;
    writeFileSync(path, JSON.stringify({ computer: 'ALPHA', domains: [newDomain().config] }), {
      mode: 0o600,
    });
    closedAfter(t, await startRedirector({ root, config: { path } }));
    await heard;
    assert.equal(clock.set.size, 0, 'the alarm is off: it is asked once');
    // The root changes again, and nobody asks a second time.
    closedAfter(t, await createMailslot('another', { root, remote: 'domain' }));
    assert.equal(times, 1);
    assert.equal(slot.tryRead(), undefined);
  },
);

test('a slot that waits for a redirector does not hold a process that is done with it', onUnix, async (t) => {
  const root = temporaryRoot(t);
  const { code, stderr } = await runModule(root, [
    "process.env.MAILSLOT_AUTOSTART = '0';",
    "const slot = await mailslot.createMailslot('alerts', { root, remote: 'domain' });",
    'slot.unref();',
  ]);
  assert.equal(code, 0, stderr);
});

test('a slot finds each redirector that comes after another', onUnix, async (t) => {
  const root = temporaryRoot(t);
  const slot = closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const path = `${root}/config.json`;
  writeFileSync(path, JSON.stringify({ computer: 'ALPHA', domains: [newDomain().config] }), { mode: 0o600 });
  for (const text of ['one', 'two', 'three']) {
    const redirector = await startRedirector({ root, config: { path } });
    closedAfter(t, redirector);
    await untilHeard(slot, text, root);
    await redirector.close();
    await redirector.ended;
  }
});

/** Says it until it is heard, or the test's own time is over. */
async function untilHeard(slot: Awaited<ReturnType<typeof createMailslot>>, text: string, root: string) {
  for (const deadline = Date.now() + 3_000; Date.now() < deadline; ) {
    await sendMessage('//*/mailslot/alerts', text, { root });
    const message = await slot.read({ timeout: 50 }).catch(() => undefined);
    if (message?.text() === text) return;
  }
  assert.fail(`"${text}" was not heard within 3 s`);
}
