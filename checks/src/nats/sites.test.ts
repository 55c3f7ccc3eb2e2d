import assert from 'node:assert/strict';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { ALERTS, type Host, own, sentinel, start, texts, untilSees } from '../lan/support/office.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import { join, sites } from './support/sites.js';

/*
 * Two LANs without a route between them, and a NATS server that all computers reach: the same names, the same promises.
 */

const rights = [onLinux, needs('root', 'ip', 'nats-server')] as const;

/** The transports by which a computer is seen from another, the one that is used first. */
async function waysTo(from: Host, name: string): Promise<readonly string[]> {
  const computers = await from.redirector.ask('computers');
  return computers.find((each) => each.name === name)?.transports ?? [];
}

proof(
  'a broadcast reaches both LANs once, a message to one computer that one alone, whichever LAN it is on',
  async (at) => {
    const { hosts } = await sites(at);
    const [alpha, , charlie] = hosts;
    await alpha.program.ask('send', ALERTS, 'to all');
    await alpha.program.ask('send', '//BRAVO/mailslot/alerts', 'to the neighbour');
    await alpha.program.ask('send', '//CHARLIE/mailslot/alerts', 'to the other LAN');
    await charlie.program.ask('sendLong', '//ALPHA/mailslot/alerts', 60_000);
    for (const host of hosts) await sentinel(host, hosts);
    const [inAlpha, inBravo, inCharlie] = (await Promise.all(hosts.map(texts))).map(own);
    assert.deepEqual(inAlpha?.toSorted(), ['to all', 'x'.repeat(60_000)]);
    assert.deepEqual(inBravo?.toSorted(), ['to all', 'to the neighbour']);
    assert.deepEqual(inCharlie?.toSorted(), ['to all', 'to the other LAN']);
    const [first] = await charlie.program.ask('received', charlie.slot);
    assert.deepEqual([first?.via, first?.computer, first?.authenticated], ['nats', 'ALPHA', true]);
    assert.deepEqual(await waysTo(alpha, 'CHARLIE'), ['nats']);
    assert.deepEqual((await waysTo(alpha, 'BRAVO')).toSorted(), ['lan', 'nats']);
    return { computers: 3 };
  },
  ...rights,
);

proof(
  '10,000 messages by both transports at once: each is received once',
  async (at) => {
    const { hosts } = await sites(at);
    const [alpha, bravo, charlie] = hosts;
    const client = await alpha.program.ask('open', ALERTS);
    const sent = Array.from({ length: 10_000 }, (_, number) => `m${number}`);
    for (let from = 0; from < sent.length; from += 500) {
      await alpha.program.ask('post', client, sent.slice(from, from + 500));
    }
    await sentinel(alpha, hosts);
    for (const host of [bravo, charlie]) {
      assert.deepEqual(own(await texts(host)).toSorted(), sent.toSorted(), host.name);
    }
    const { statistics } = (await bravo.redirector.ask('status')) as unknown as Status;
    assert.ok(statistics.dropped['duplicate']! >= 9_000, 'the other transport brought them too');
    return { messages: sent.length, duplicates: statistics.dropped['duplicate'] };
  },
  ...rights,
);

interface Status {
  readonly statistics: {
    readonly dropped: Readonly<Record<string, number>>;
    readonly gaps: number;
    readonly domains: readonly { transports: readonly { name: string; sent: number }[] }[];
  };
}

proof(
  'what is for one computer goes by the LAN, by NATS while the cable is out, and by the LAN again',
  async (at) => {
    const { network, hosts } = await sites(at);
    const [alpha, bravo] = hosts;
    const client = await alpha.program.ask('open', '//BRAVO/mailslot/alerts');
    const viaOf = async (text: string): Promise<string | undefined> => {
      await alpha.program.ask('post', client, [text]);
      let found: { via: string } | undefined;
      await until(async () => {
        found = (await bravo.program.ask('received', bravo.slot)).find((each) => each.text === text);
        return found !== undefined;
      });
      return found?.via;
    };
    await until(async () => (await waysTo(alpha, 'BRAVO'))[0] === 'lan');
    assert.equal(await viaOf('one'), 'lan');
    network.cut('BRAVO');
    const cut = Date.now();
    await until(async () => (await waysTo(alpha, 'BRAVO'))[0] === 'nats');
    const fellBackMs = Date.now() - cut;
    assert.equal(await viaOf('two'), 'nats');
    network.mend('BRAVO');
    const mended = Date.now();
    await until(async () => (await waysTo(alpha, 'BRAVO'))[0] === 'lan');
    assert.equal(await viaOf('three'), 'lan');
    assert.ok(fellBackMs < 6_000, `after ${fellBackMs} ms`);
    return { fellBackMs, backMs: Date.now() - mended };
  },
  ...rights,
);

proof(
  'a scope is a ceiling: what is for the LAN, or from a slot of the LAN, does not cross NATS',
  async (at) => {
    const { hosts } = await sites(at);
    const [alpha, bravo, charlie] = hosts;
    const near = await charlie.program.ask('create', 'near', { scope: 'lan' });
    await alpha.program.ask('send', ALERTS, 'stays', 'lan');
    await alpha.program.ask('send', '//*/mailslot/near', 'from far away');
    await charlie.program.ask('send', '//*/mailslot/near', 'from here');
    await alpha.program.ask('send', ALERTS, 'at home', 'host');
    await sentinel(alpha, hosts);
    assert.deepEqual(own(await texts(alpha)), ['stays', 'at home']);
    assert.deepEqual(own(await texts(bravo)), ['stays']);
    assert.deepEqual(own(await texts(charlie)), []);
    const received = await charlie.program.ask('received', near);
    assert.deepEqual(
      received.map(({ text }) => text),
      ['from here'],
    );
    return {};
  },
  ...rights,
);

proof(
  'a computer without a LAN is a computer of the domain as any other',
  async (at) => {
    const { network, server, hosts } = await sites(at, { strangers: ['CLOUD'] });
    const [alpha] = hosts;
    network.copyConfig('ALPHA', 'CLOUD');
    join(network, 'CLOUD', false, server);
    const cloud = await start(network, 'CLOUD');
    await Promise.all([...hosts, cloud].map((host) => untilSees(host, 4)));
    await cloud.program.ask('send', ALERTS, 'from the cloud');
    await alpha.program.ask('send', '//CLOUD/mailslot/alerts', 'to the cloud');
    for (const host of [alpha, cloud]) await sentinel(host, [...hosts, cloud]);
    for (const host of hosts) assert.deepEqual(own(await texts(host)), ['from the cloud'], host.name);
    assert.deepEqual(own(await texts(cloud)), ['from the cloud', 'to the cloud']);
    return {};
  },
  ...rights,
);
