import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { needs } from '../support/needs.js';
import { Network } from './support/network.js';
import { joinDomain, newKey } from './support/office.js';
import { until } from './support/until.js';

const KILLS = 20;
const PACE_MS = 5;
const SLOTS = ['one', 'two', 'three'];

proof(
  `kill -9 of the redirector, ${KILLS} times under 200 messages a second: back within a second, nothing twice`,
  async (at) => {
    const network = new Network(at, { hosts: ['ALPHA', 'BRAVO'] });
    const line = newKey(network, 'ALPHA', 'OFFICE');
    for (const host of ['ALPHA', 'BRAVO']) joinDomain(network, host, line);
    // Nobody runs `serve` on BRAVO: the slots start the redirector, and again whenever they miss it.
    const alpha = await network.computer('ALPHA');
    await alpha.ask('serve');
    const programs = await Promise.all(SLOTS.map(() => network.computer('BRAVO')));
    const slots = await Promise.all(SLOTS.map((name, index) => programs[index]!.ask('create', name)));
    const warden = await network.computer('BRAVO');
    at.after(async () => {
      // The slots first: they would start it again.
      await Promise.all(programs.map((program) => program.kill()));
      // Each of them may have started one, and the next takes over from the last.
      await until(() =>
        warden.ask('stopRedirector').then(
          () => false,
          () => true,
        ),
      );
    });
    const clients = await Promise.all(SLOTS.map((name) => alpha.ask('open', `//*/mailslot/${name}`)));
    let sent = 0;
    let isSending = true;
    const began = Date.now();
    const sending = (async () => {
      while (isSending) {
        const due = Math.floor((Date.now() - began) / PACE_MS) - sent;
        const texts = Array.from({ length: due }, (_, index) => String(sent + index));
        await Promise.all(clients.map((client) => alpha.ask('post', client, texts)));
        sent += due;
        await pause(PACE_MS);
      }
    })();
    const pids = new Set<number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const pid = await programs[0]!.ask('redirectorPid');
      const before = await Promise.all(programs.map((program, index) => program.ask('count', slots[index]!)));
      process.kill(pid, 'SIGKILL');
      pids.add(pid);
      // Messages that were handed over before the death may still come: a second one later shows a living successor.
      await until(async () => {
        const counts = await Promise.all(
          programs.map((program, index) => program.ask('count', slots[index]!)),
        );
        return counts.every((count, index) => count > (before[index] as number) + 20);
      });
    }
    isSending = false;
    await sending;
    const share: number[] = [];
    const gaps: number[] = [];
    for (const [index, program] of programs.entries()) {
      const messages = await program.ask('received', slots[index]!);
      const numbers = messages.map(({ text }) => Number(text));
      const silences = messages.slice(1).map(({ at: then }, before) => then - messages[before]!.at);
      gaps.push(...silences.toSorted((one, other) => other - one).slice(0, KILLS));
      assert.equal(new Set(numbers).size, numbers.length, 'a message came twice');
      share.push(numbers.length / sent);
    }
    assert.equal(pids.size, KILLS);
    assert.ok(Math.max(...gaps) < 1000, `nothing came for ${Math.max(...gaps)} ms`);
    return {
      kills: KILLS,
      sent,
      longestGapMs: Math.max(...gaps),
      medianGapMs: gaps.toSorted((one, other) => one - other)[gaps.length / 2],
      arrived: share,
    };
  },
  onLinux,
  needs('root', 'ip'),
);
