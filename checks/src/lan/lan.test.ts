import assert from 'node:assert/strict';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { needs } from '../support/needs.js';
import {
  ALERTS,
  type Host,
  newKey,
  office,
  own,
  sentinel,
  start,
  texts,
  untilSees,
} from './support/office.js';
import { until } from './support/until.js';

/*
 * Computers on a LAN, each with a redirector and a slot in a process of its own: real sockets, a real bridge.
 */

const rights = [onLinux, needs('root', 'ip')] as const;

proof(
  'a broadcast reaches each computer of the domain once, a message to one computer that one alone',
  async (at) => {
    const { hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO', 'CHARLIE'] });
    const [alpha, bravo, charlie] = hosts as [Host, Host, Host];
    await alpha.program.ask('send', ALERTS, 'to all');
    await alpha.program.ask('send', '//BRAVO/mailslot/alerts', 'to one');
    await charlie.program.ask('send', '//office/mailslot/ALERTS', 'by its name');
    await bravo.program.ask('sendLong', '//ALPHA/mailslot/alerts', 60_000);
    for (const host of hosts) await sentinel(host, hosts);
    const [inAlpha, inBravo, inCharlie] = (await Promise.all(hosts.map(texts))).map(own);
    assert.deepEqual(inAlpha?.toSorted(), ['by its name', 'to all', 'x'.repeat(60_000)]);
    assert.deepEqual(inBravo?.toSorted(), ['by its name', 'to all', 'to one']);
    assert.deepEqual(inCharlie?.toSorted(), ['by its name', 'to all']);
    const [first] = await bravo.program.ask('received', bravo.slot);
    assert.deepEqual([first?.via, first?.computer, first?.authenticated], ['lan', 'ALPHA', true]);
    await assert.rejects(alpha.program.ask('send', '//NOBODY/mailslot/alerts', 'x'), {
      code: 'ERR_MAILSLOT_BAD_NETPATH',
    });
    return { computers: 3 };
  },
  ...rights,
);

proof(
  'another domain on the same LAN hears nothing of ours, nor does a computer with a wrong key, whose status says so',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'] }, ['OTHER', 'WRONG']);
    const [alpha, bravo] = hosts as [Host, Host];
    newKey(network, 'OTHER', 'HOME');
    newKey(network, 'WRONG', 'OFFICE');
    const strangers = [await start(network, 'OTHER'), await start(network, 'WRONG')];
    await alpha.program.ask('send', ALERTS, 'ours');
    for (const host of strangers) await host.program.ask('send', ALERTS, `of ${host.name}`);
    await sentinel(alpha, hosts);
    for (const host of hosts) assert.deepEqual(own(await texts(host)), ['ours']);
    for (const host of strangers) {
      await sentinel(host, [host]);
      assert.deepEqual(own(await texts(host)), [`of ${host.name}`]);
      await until(async () => JSON.stringify(await host.program.ask('status')).includes('"foreign":'));
    }
    assert.deepEqual(own(await texts(bravo)), ['ours']);
    return {};
  },
  ...rights,
);

for (const family of ['IPv4', 'IPv6'] as const) {
  proof(
    `${family} alone is enough`,
    async (at) => {
      const { hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'], families: [family] });
      const [alpha, bravo] = hosts as [Host, Host];
      await alpha.program.ask('send', ALERTS, 'to all');
      await alpha.program.ask('send', '//BRAVO/mailslot/alerts', 'to one');
      await sentinel(alpha, hosts);
      assert.deepEqual(own(await texts(bravo)), ['to all', 'to one']);
      assert.deepEqual(own(await texts(alpha)), ['to all']);
      return {};
    },
    ...rights,
  );
}

proof(
  'over two networks between the same computers a message still comes once',
  async (at) => {
    const names = ['ALPHA', 'BRAVO'];
    const { hosts } = await office(at, { hosts: names, lans: [names, names] });
    const [alpha, bravo] = hosts as [Host, Host];
    const client = await alpha.program.ask('open', ALERTS);
    const sent = Array.from({ length: 1000 }, (_, number) => `m${number}`);
    await alpha.program.ask('post', client, sent);
    await sentinel(alpha, hosts);
    for (const host of hosts) assert.deepEqual(own(await texts(host)).toSorted(), sent.toSorted());
    return { messages: sent.length, received: (await texts(bravo)).length };
  },
  ...rights,
);

proof(
  'a computer that is cut off is missed, and is back soon after its cable',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO', 'CHARLIE'] });
    const [alpha, , charlie] = hosts as [Host, Host, Host];
    network.cut('CHARLIE');
    await untilSees(alpha, 2);
    network.mend('CHARLIE');
    const mended = Date.now();
    await untilSees(alpha, 3);
    const back = Date.now() - mended;
    await sentinel(alpha, hosts);
    assert.ok(back < 2000, `back after ${back} ms`);
    assert.ok((await texts(charlie)).length > 0);
    return { backAfterMs: back };
  },
  ...rights,
);
