import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { Network, type NetworkOptions } from './support/network.js';
import {
  ALERTS,
  type Host,
  joinDomain,
  newKey,
  office,
  own,
  start,
  texts,
  untilSees,
} from './support/office.js';
import { until } from './support/until.js';

/*
 * Networks that are not as they should be: they drop fragments, mix frame sizes, give addresses that lead nowhere, or
 * have more interfaces than anybody wants.
 */

const rights = [onLinux, needs('root', 'ip')] as const;

const LINES = 300;

/** Runs a shell command on a host. */
function sh(network: Network, host: string, command: string): void {
  const { status, stderr } = spawnSync('env', [...network.on(host), 'sh', '-ec', command], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${command}: ${stderr}`);
}

/** Sends many short messages at once; resolves when every host has them, in whatever order. */
async function burst(from: Host, to: readonly Host[], name: string = ALERTS): Promise<void> {
  const mark = Math.random().toString(36).slice(2);
  const client = await from.program.ask('open', name);
  await from.program.ask(
    'post',
    client,
    Array.from({ length: LINES }, (_, number) => `${mark} line ${number} of a log`),
  );
  await from.program.ask('close', client);
  const isOurs = (text: string): boolean => text.startsWith(mark);
  for (const host of to) {
    await until(async () => (await texts(host)).filter(isOurs).length >= LINES, `a burst at ${host.name}`);
    assert.equal((await texts(host)).filter(isOurs).length, LINES, 'each once');
  }
}

async function doctor(network: Network, host: string): Promise<string> {
  const args = [...network.on(host), process.execPath, inRepo('packages/cli/bin/mailslot.cjs'), 'doctor'];
  const child = spawn('env', args, { env: network.env(host), stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  return text;
}

/** A host that puts no fragments together. */
function dropFragments(network: Network, host: string): void {
  for (const each of ['ipv4/ipfrag', 'ipv6/ip6frag']) {
    for (const bytes of [0, 1]) {
      const folder = `/proc/sys/net/${each}`;
      sh(network, host, `echo 0 > ${folder}_low_thresh; echo ${bytes} > ${folder}_high_thresh`);
    }
  }
}

proof(
  'where one of three drops fragments, bursts reach all, doctor names it, and a long message to it is refused',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO', 'CHARLIE'] });
    const [alpha, bravo, charlie] = hosts as [Host, Host, Host];
    dropFragments(network, 'BRAVO');
    await burst(alpha, hosts);
    await burst(alpha, [bravo], '//BRAVO/mailslot/alerts');
    const told = await doctor(network, 'ALPHA');
    assert.match(
      told,
      /BAD {2}packets +OFFICE: BRAVO .* gets packets of 1452 bytes, and none of 1500 or more/,
    );
    assert.doesNotMatch(told, /BAD {2}packets +OFFICE: CHARLIE/);
    await burst(alpha, hosts);
    // Each of its addresses, and the group, must have been found not to carry it.
    await until(() => isRefused(alpha.program.ask('sendLong', '//BRAVO/mailslot/alerts', 8_000)));
    await alpha.program.ask('sendLong', '//CHARLIE/mailslot/alerts', 8_000);
    await until(async () => (await texts(charlie)).includes('x'.repeat(8_000)));
    return { lines: 3 * LINES };
  },
  ...rights,
);

/** Whether a message is refused as too long; it is sent if it is not. */
async function isRefused(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return false;
  } catch (error) {
    assert.equal((error as { code?: unknown }).code, 'ERR_MAILSLOT_MESSAGE_TOO_LARGE');
    return true;
  }
}

/** Ways to spoil a path without a word: nobody of those that use it can see it. */
const SPOILT = [
  ['fragments are dropped', (network: Network) => dropFragments(network, 'BRAVO')],
  [
    'a switch carries less',
    (network: Network) => sh(network, 'sw', 'ip link set p0BRAVO mtu 1300; ip link set br0 mtu 1300'),
  ],
] as const;

/** Longer than any proof is trusted that a small domain gave. */
const PAUSE_MS = 5_000;

const TO_BRAVO = '//BRAVO/mailslot/alerts';

/** Two hosts between which long packets were shown to arrive, at the address and by the group, and do so no more. */
async function worsened(at: Scene, spoil: (network: Network) => void): Promise<[Host, Host]> {
  const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'] });
  const [alpha, bravo] = hosts as [Host, Host];
  await until(async () => {
    for (const to of [ALERTS, TO_BRAVO]) await burst(alpha, [bravo], to);
    return JSON.stringify(await alpha.redirector.ask('status')).includes('"packetBytes":7656');
  }, 'long packets');
  spoil(network);
  await pause(PAUSE_MS);
  return [alpha, bravo];
}

for (const [what, spoil] of SPOILT) {
  proof(
    `the first bursts arrive after a pause in which a path got worse: ${what}`,
    async (at) => {
      const [alpha, bravo] = await worsened(at, spoil);
      for (const to of [TO_BRAVO, ALERTS]) await burst(alpha, [bravo], to);
      return { lines: 2 * LINES };
    },
    ...rights,
  );
}

proof(
  'where one side has jumbo frames, bursts cross',
  async (at) => {
    // By IPv6 the system goes on cutting at 1,500 bytes, and all would cross.
    const families = ['IPv4'] as const;
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'], families });
    const [alpha, bravo] = hosts as [Host, Host];
    sh(network, 'ALPHA', 'ip link set eth0 mtu 9000');
    await burst(alpha, hosts);
    await burst(bravo, hosts);
    // The redirector looks once a second whether an interface is another one.
    const finding = /BAD {2}packets +OFFICE: BRAVO .*none of 1500 or more/;
    await until(async () => finding.test(await doctor(network, 'ALPHA')), 'the finding');
    return { lines: 2 * LINES };
  },
  ...rights,
);

proof(
  'where an interface carries less than 1,280 bytes and fragments are dropped, bursts cross',
  async (at) => {
    const families = ['IPv4'] as const;
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'], families });
    const [alpha] = hosts as [Host];
    for (const host of ['ALPHA', 'BRAVO']) sh(network, host, 'ip link set eth0 mtu 700');
    dropFragments(network, 'BRAVO');
    // A look at the interfaces comes once a second; what it found shows.
    await until(async () => {
      const before = await alpha.redirector.ask('status');
      return JSON.stringify(before).includes('"basePacket":672');
    });
    await burst(alpha, hosts);
    return { lines: LINES };
  },
  ...rights,
);

for (const families of [['IPv4'], ['IPv4', 'IPv6']] as const) {
  proof(
    `a computer without an address of the subnet is written to, and writes, as all others (${families.join(', ')})`,
    async (at) => {
      const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'], families });
      const [alpha, bravo] = hosts as [Host, Host];
      sh(network, 'ALPHA', 'ip addr flush dev eth0 scope global; ip addr add 169.254.7.7/16 dev eth0');
      sh(network, 'ALPHA', 'ip route add 224.0.0.0/4 dev eth0');
      sh(network, 'BRAVO', 'ip route add default via 10.99.0.254');
      await untilHeard(alpha, '10.99.0', bravo);
      await eachToOther(alpha, bravo);
      const told = await doctor(network, 'BRAVO');
      assert.doesNotMatch(told, /BAD {2}(echo|lan)/);
      return {};
    },
    ...rights,
  );
}

proof(
  'beside 169.254 the real address of a card is used, and each of its addresses is reached',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO', 'CHARLIE'], families: ['IPv4'] });
    const [alpha, bravo, charlie] = hosts as [Host, Host, Host];
    const all = 'ip addr add 10.99.0.11/24 dev eth0; ip addr add 172.30.0.11/24 dev eth0';
    sh(network, 'ALPHA', `ip addr flush dev eth0; ip addr add 169.254.7.7/16 dev eth0; ${all}`);
    sh(network, 'CHARLIE', 'ip addr flush dev eth0; ip addr add 172.30.0.13/24 dev eth0');
    sh(network, 'CHARLIE', 'ip route add 224.0.0.0/4 dev eth0');
    await untilHeard(charlie, '10.99.0.13', alpha);
    await eachToOther(alpha, bravo);
    await eachToOther(alpha, charlie);
    const status = JSON.stringify(await alpha.redirector.ask('status'));
    assert.match(status, /"reachedAt":"172\.30\.0\.13:/);
    assert.match(status, /"reachedAt":"10\.99\.0\.12:/);
    return {};
  },
  ...rights,
);

proof(
  'two interfaces in one subnet, on two LANs: who is on either is reached',
  async (at) => {
    const lans = [
      ['ALPHA', 'BRAVO'],
      ['ALPHA', 'CHARLIE'],
    ];
    const names = ['ALPHA', 'BRAVO', 'CHARLIE'];
    const network = new Network(at, { hosts: names, families: ['IPv4'], lans });
    sh(network, 'ALPHA', 'ip addr flush dev eth1; ip addr add 10.99.0.31/24 dev eth1');
    sh(network, 'CHARLIE', 'ip addr flush dev eth1; ip addr add 10.99.0.13/24 dev eth1');
    const line = newKey(network, 'ALPHA', 'OFFICE');
    for (const name of names) joinDomain(network, name, line);
    const hosts = await Promise.all(names.map((name) => start(network, name)));
    const [alpha, bravo, charlie] = hosts as [Host, Host, Host];
    await untilSees(alpha, 3);
    await eachToOther(alpha, bravo);
    await eachToOther(alpha, charlie);
    await burst(alpha, hosts);
    return {};
  },
  ...rights,
);

proof(
  'behind a relay, which sends on from its own address, each computer is reached',
  async (at) => {
    const lans = [
      ['ALPHA', 'RELAY'],
      ['RELAY', 'BRAVO'],
    ];
    const options = { hosts: ['ALPHA', 'BRAVO'], families: ['IPv4'] as const, lans };
    const network = await relayed(at, options);
    const hosts = [await start(network, 'ALPHA'), await start(network, 'BRAVO')] as [Host, Host];
    for (const host of hosts) await untilSees(host, 2);
    await eachToOther(...hosts);
    await burst(hosts[0], hosts);
    return {};
  },
  ...rights,
);

proof(
  'of more interfaces than Linux lets a socket join the LAN is used, wherever it stands',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'] }, ['DELTA']);
    const [alpha] = hosts as [Host];
    sh(network, 'DELTA', 'ip link set eth0 down; ip link set eth0 name wlan0');
    for (let number = 0; number < 30; number += 1) {
      const name = `veth${number}`;
      sh(network, 'DELTA', `ip link add ${name} type veth peer name c${number}; ip link set c${number} up`);
      sh(network, 'DELTA', `ip addr add 172.${16 + number}.0.1/16 dev ${name}; ip link set ${name} up`);
    }
    sh(network, 'DELTA', 'ip link set wlan0 up');
    network.copyConfig('ALPHA', 'DELTA');
    const delta = await start(network, 'DELTA');
    await untilSees(delta, 3);
    await untilSees(alpha, 3);
    await eachToOther(alpha, delta);
    return {};
  },
  ...rights,
);

/** Resolves when a redirector hears the other one as a host of the LAN again, after its address changed. */
async function untilHeard(changed: Host, before: string, by: Host): Promise<void> {
  await until(async () => {
    const computers = await by.redirector.ask('computers');
    const found = computers.find(({ name }) => name === changed.name);
    return found?.state === 'here' && !(found.addresses[0] ?? before).startsWith(before);
  }, `${changed.name} with another address`);
}

/** Messages to one computer, in both directions, that come once each. */
async function eachToOther(one: Host, other: Host): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const before = own(await texts(to)).length;
    // The first go while nothing is known, the last when the addresses were tried.
    for (let number = 0; number < 5; number += 1) {
      const text = `${from.name} to ${to.name} ${Math.random()}`;
      await from.program.ask('send', `//${to.name}/mailslot/alerts`, text);
      await until(async () => (await texts(to)).includes(text), text);
    }
    assert.equal(own(await texts(to)).length, before + 5);
  }
}

/** Two LANs, and between them a host that sends on what is for the group, as relays for WLANs and VPNs do. */
async function relayed(at: Scene, options: NetworkOptions): Promise<Network> {
  const network = new Network(at, { ...options, hosts: [...options.hosts, 'RELAY'] });
  const line = newKey(network, 'ALPHA', 'OFFICE');
  for (const host of options.hosts) joinDomain(network, host, line);
  const addresses = [0, 1].map((lan) => network.address('RELAY', lan));
  const args = [...network.on('RELAY'), process.execPath, '-e', RELAY, ...addresses];
  const child = spawn('env', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  at.after(() => child.kill());
  await once(child.stdout, 'data');
  return network;
}

const RELAY = `
const { createSocket } = require('node:dgram');
const [group, port] = ['239.255.77.83', 48783];
const sides = process.argv.slice(1).map((address) => {
  const out = createSocket('udp4');
  out.bind(0, address, () => { out.setMulticastInterface(address); out.setMulticastLoopback(false); });
  return { address, out };
});
const ear = createSocket({ type: 'udp4', reuseAddr: true });
ear.on('message', (packet, from) => {
  const near = (address) => address.split('.')[2] === from.address.split('.')[2];
  if (sides.some(({ address }) => address === from.address)) return;
  for (const { address, out } of sides) if (!near(address)) out.send(packet, port, group);
});
ear.bind(port, () => {
  for (const { address } of sides) ear.addMembership(group, address);
  console.log('ready');
});
`;
