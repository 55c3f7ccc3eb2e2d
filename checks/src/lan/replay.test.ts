import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Stranger } from '../faults/programs/stranger.js';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { needs } from '../support/needs.js';
import type { Network } from './support/network.js';
import { ALERTS, type Host, office, own, sentinel, texts } from './support/office.js';
import { until } from './support/until.js';

// Whoever misses a redirector that was killed would start it before the test does.
process.env['MAILSLOT_AUTOSTART'] = '0';

/** More messages than the redirector's window remembers of one instance, and packets than that of the transport. */
const BEYOND_WINDOWS = 4_200;
/** Each of them alone in its packet. */
const FILLER = 'x'.repeat(5_000);
const TOGETHER = 100;
/** Sizes by which the recorded messages of the two hosts are known from announcements. */
const LONG = 3_000;

proof(
  'recorded datagrams, sent again at once, after restarts of the receiver and behind the windows, are not delivered',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'], families: ['IPv4'] }, ['EVE']);
    const [alpha, bravo] = hosts as [Host, Host];
    const stranger = await at.start<Stranger>('stranger', { through: network.on('EVE') });
    await stranger.ask('listen', '10.99.0.13');
    for (const host of hosts) await host.program.ask('sendLong', ALERTS, LONG);
    await until(async () => (await stranger.ask('heard')).filter(isTheMessage).length === 2);
    await stranger.ask('deafen');
    await sentinel(alpha, hosts);

    const again = (to: Host): Promise<Refused> => repeated(stranger, alpha, to);
    const atOnce = await again(bravo);
    const restarted = await restart(network, alpha, bravo);
    const afterRestart = await again(restarted);
    const forgetful = await restart(network, alpha, restarted, () => forget(network));
    const afterLoss = await again(forgetful);
    await fill(alpha);
    const behindWindows = await again(forgetful);

    assert.ok(atOnce.replay >= 1, 'the transport knows a datagram that it has received');
    // Of both hosts: what it sent itself before is as old to a new redirector as what it received.
    assert.ok(afterRestart.duplicate >= 2, 'the file of windows knows');
    assert.ok(afterLoss.clock >= 2, 'without the file, what was sent before the start is too old');
    assert.ok(behindWindows.replay >= 2, 'so is what the windows have left behind');
    for (const host of hosts) assert.deepEqual(own(await texts(host)), ['x'.repeat(LONG), 'x'.repeat(LONG)]);
    return { atOnce, afterRestart, afterLoss, behindWindows };
  },
  onLinux,
  needs('root', 'ip'),
);

/** Longer packets are probes of what gets through. */
function isTheMessage(size: number): boolean {
  return size > LONG && size < LONG + 1_000;
}

type Refused = Readonly<Record<'replay' | 'duplicate' | 'clock', number>>;

/** Sends again what was recorded; returns what came of it, once it has come. */
async function repeated(stranger: Child<Stranger>, alpha: Host, to: Host): Promise<Refused> {
  const before = await refusedBy(to);
  await stranger.ask('repeat');
  // It goes by the same way, so what was sent before it has been looked at.
  await sentinel(alpha, [alpha, to]);
  const after = await refusedBy(to);
  return {
    replay: after.replay - before.replay,
    duplicate: after.duplicate - before.duplicate,
    clock: after.clock - before.clock,
  };
}

async function refusedBy({ redirector }: Host): Promise<Refused> {
  const status = (await redirector.ask('status')) as { statistics: { dropped: Refused } };
  return status.statistics.dropped;
}

/** Moves all windows on, by messages for which nobody has a slot. */
async function fill({ program }: Host): Promise<void> {
  const client = await program.ask('open', '//*/mailslot/filler');
  for (let left = BEYOND_WINDOWS; left > 0; left -= TOGETHER) {
    await program.ask(
      'post',
      client,
      Array.from({ length: TOGETHER }, () => FILLER),
    );
  }
  await program.ask('close', client);
}

/** Kills a host's redirector and starts another one, which hears what `from` sends once this resolves. */
async function restart(network: Network, from: Host, host: Host, meanwhile = (): void => {}): Promise<Host> {
  await host.redirector.kill();
  meanwhile();
  const redirector = await network.computer(host.name);
  await redirector.ask('serve');
  const restarted = { ...host, redirector };
  const text = `sentinel of the start of ${redirector.pid}`;
  await until(async () => {
    await from.program.ask('send', ALERTS, text);
    return (await texts(restarted)).includes(text);
  });
  return restarted;
}

/** What was delivered before, as after a new start of the system. */
function forget(network: Network): void {
  rmSync(join(network.root('BRAVO'), '.redirector', 'windows'));
}
