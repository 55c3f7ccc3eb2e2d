import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import type { RedirectorStatus } from 'mailslot';
import { kindOfInterface } from '../network/interfaces.js';
import type { Finding } from './finding.js';
import { closedFirewalls, type FirewallTexts } from './firewall.js';
import { lanFindings } from './lan.js';
import { clockFindings, firewallFindings, interfaceFindings, portFindings } from './network.js';
import { packetsOf } from './packets.js';
import { udpSockets } from './ports.js';

type DomainStatus = RedirectorStatus['domains'][number];

const lo = { lo: [info('127.0.0.1', '255.0.0.0', 'IPv4')] };
const eth0 = { eth0: [info('10.99.0.11', '255.255.255.0', 'IPv4'), info('fe80::1', 'ffff::', 'IPv6')] };
const docker0 = { docker0: [info('172.17.0.1', '255.255.0.0', 'IPv4')] };

test('interfaces are recognised by their names', () => {
  const kinds = {
    loopback: ['lo', 'lo0', 'Loopback Pseudo-Interface 1'],
    lan: ['eth0', 'enp3s0', 'eno1', 'wlan0', 'wlp2s0', 'en0', 'Ethernet', 'WLAN', 'br0', 'bond0', 'bridge0'],
    containers: ['docker0', 'br-0123456789ab', 'veth12ab', 'podman0', 'cni0', 'lxdbr0'],
    'virtual machines': ['virbr0', 'vnet3', 'vmnet8', 'vboxnet0', 'vEthernet (WSL)'],
    vpn: ['tun0', 'utun3', 'wg0', 'wg-office', 'tailscale0', 'ztabc', 'ppp0'],
  };
  for (const [kind, names] of Object.entries(kinds)) {
    for (const name of names) assert.equal(kindOfInterface(name), kind, name);
  }
});

test('an interface that leads nowhere, and one that is named and not there, are found', () => {
  const all = { ...lo, ...eth0, ...docker0 };
  assert.deepEqual(badOf(interfaceFindings(all, undefined)), []);
  assert.match(
    interfaceFindings(all, undefined)[2]?.finding ?? '',
    /^docker0 \(172\.17\.0\.1\): a bridge to containers/,
  );
  assert.deepEqual(badOf(interfaceFindings({ ...lo, ...docker0 }, undefined)), [
    'no interface leads to a LAN',
  ]);
  assert.deepEqual(badOf(interfaceFindings(all, ['eth0', 'fe80::1', 'lo'])), []);
  assert.match(badOf(interfaceFindings(all, ['wlan7'])).join(), /names wlan7, which is not up/);
});

test('who gets no long packets is named, with what to do; who does not tell, too; who gets all is not', () => {
  const peer = {
    computer: 'BRAVO',
    instance: '1',
    address: '10.99.0.12:5000',
    hasAnswered: true,
    packetBytes: 7_656,
    losing: [],
  };
  const of = (changes: object, answered = ['1']): readonly Finding[] =>
    lanFindings(domainWith([{ ...peer, ...changes }], []), true, () => 0, new Set(answered));
  assert.deepEqual(of({}), []);
  const [bad] = of({ packetBytes: 1_452, lostFrom: 1_500 });
  assert.equal(bad?.ok, false);
  assert.match(String(bad?.finding), /BRAVO .* packets of 1452 bytes, and none of 1500 or more/);
  assert.match(String(bad?.next), /fragments .*MTU/);
  const [alone] = of({ losing: [{ address: '[fe80::2%eth0]:48800', packetBytes: 1_452, lostFrom: 1_500 }] });
  assert.equal(alone?.ok, false);
  assert.match(
    String(alone?.finding),
    /BRAVO .* 1452 bytes at \[fe80::2%eth0\]:48800, and none of 1500 or more/,
  );
  const [old] = of({ hasAnswered: false, packetBytes: 0 });
  assert.equal(old?.ok, true);
  assert.match(String(old?.finding), /BRAVO .* does not tell how long packets may be/);
  assert.deepEqual(of({ hasAnswered: false, packetBytes: 0 }, []), [], 'it may be stopped');
});

test('interfaces that are too many are named, with how to choose', () => {
  const [bad] = lanFindings(domainWith([], ['docker7', 'eth9']), true, () => 0, new Set());
  assert.equal(bad?.ok, false);
  assert.match(String(bad?.finding), /not used: docker7, eth9/);
  assert.match(String(bad?.next), /"interfaces"/);
});

function domainWith(peers: readonly object[], leftOut: readonly string[]): DomainStatus {
  const lan = {
    groups: [{ joined: [], refused: {}, receiveBuffer: 8_388_608 }],
    ways: [{}],
    problems: {},
    strangers: [],
    peers,
    leftOut,
  };
  const status = { name: 'OFFICE', keys: [], inUse: 'aa', nats: undefined, lan };
  return status as unknown as DomainStatus;
}

test('the owner of the port: a redirector is welcome, anything else is not', () => {
  assert.deepEqual(badOf(portFindings(48783, undefined)), []);
  assert.deepEqual(badOf(portFindings(48783, [])), []);
  assert.deepEqual(badOf(portFindings(48783, [{ uid: 0, pid: 5, command: 'node' }])), []);
  assert.deepEqual(badOf(portFindings(48783, [{ uid: 7, pid: undefined, command: undefined }])), []);
  assert.deepEqual(badOf(portFindings(48783, [{ uid: 0, pid: 5, command: 'dnsmasq' }])), [
    'process 5 (dnsmasq) of uid 0 has UDP port 48783 open, and is no redirector',
  ]);
});

test('/proc/net/udp is understood', () => {
  const text = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref',
    '  412: 00000000:BE8F 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31337 2 0 17',
    ' 3011: 00000000000000000000000000000000:14E9 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000   105        0 22 2 0 0',
    '',
  ].join('\n');
  assert.deepEqual(udpSockets(text), [
    { port: 48783, uid: 1000, inode: '31337', overflows: 17 },
    { port: 5353, uid: 105, inode: '22', overflows: 0 },
  ]);
});

const PORTS = [
  [48_783, 48_783],
  [48_800, 48_815],
] as const;
const NONE = { ufw: undefined, firewalldRuns: false, nft: undefined, iptables: [], unread: undefined };

const PACKETS = packetsOf(eth0, undefined, { groups: [48_783], own: [[48_800, 48_815]] });

function tables(rule: string, program = 'iptables'): object {
  const text = `*filter\n:INPUT ${rule}\nCOMMIT\n`;
  return { ...NONE, iptables: [{ program, family: 'ip', text }] };
}

test('what a firewall throws away is bad whoever is heard; what cannot be seen only where nobody is', () => {
  const unread = 'only root may';
  const cases = [
    [NONE, [], []],
    [{ ...NONE, ufw: '# x\nENABLED=no\n', unread }, [], []],
    [{ ...NONE, ufw: 'ENABLED=yes\n' }, [], []],
    [{ ...NONE, ufw: 'ENABLED=yes\n', unread }, ['ufw'], []],
    [{ ...NONE, firewalldRuns: true, unread }, ['firewalld'], []],
    [tables('ACCEPT [0:0]'), [], []],
    [tables('DROP [0:0]'), ['iptables'], ['iptables']],
    [{ ...tables('DROP [0:0]'), ufw: 'ENABLED=yes' }, ['ufw'], ['ufw']],
    [{ ...NONE, windowsRule: false }, ['Windows Firewall'], []],
    [{ ...NONE, windowsRule: true }, [], []],
  ] as const;
  for (const [texts, alone, heard] of cases) {
    const found = closedFirewalls(texts as FirewallTexts, PACKETS);
    for (const [names, others] of [
      [alone, false],
      [heard, true],
    ] as const) {
      const bad = badOf(firewallFindings(found, PORTS, (texts as FirewallTexts).unread, others));
      assert.deepEqual(
        bad.map((text) => text.replace(/ (throws|may keep).*/, '')),
        names,
        JSON.stringify(texts),
      );
    }
  }
  const [unknown] = firewallFindings([], PORTS, unread, true);
  assert.match(unknown?.finding ?? '', /^could not be checked: only root may$/);
  const found = closedFirewalls(tables('DROP [0:0]') as FirewallTexts, PACKETS);
  assert.match(
    badOf(firewallFindings(found, PORTS, undefined, true)).join(),
    /UDP port 48783, 48800-48815 by IPv4 on eth0/,
  );
});

test('a clock of our own that cannot be right is told', () => {
  for (const now of [Date.UTC(2020, 0), Date.UTC(2099, 11)]) assert.deepEqual(clockFindings(now), []);
  for (const now of [0, -5_000, Date.UTC(2000, 0), Date.UTC(2100, 0)]) {
    assert.match(badOf(clockFindings(now)).join(), /^this computer's clock says .*, which cannot be/);
  }
});

test('for each firewall there is a command that names the ports', () => {
  const unread = 'only root may';
  const commandOf = (texts: object): string | undefined =>
    closedFirewalls({ ...NONE, ...texts }, PACKETS)[0]?.allow(PORTS);
  assert.equal(
    commandOf({ firewalldRuns: true, unread }),
    'sudo firewall-cmd --permanent --add-port=48783/udp --add-port=48800-48815/udp && sudo firewall-cmd --reload',
  );
  assert.equal(
    commandOf({ ufw: 'ENABLED=yes', unread }),
    'sudo ufw allow proto udp to any port 48783,48800:48815',
  );
  assert.equal(
    commandOf(tables('DROP [0:0]', 'iptables-legacy')),
    'sudo iptables-legacy -I INPUT -p udp -m multiport --dports 48783,48800:48815 -j ACCEPT',
  );
  assert.equal(
    commandOf({ windowsRule: false }),
    'as administrator: netsh advfirewall firewall add rule name=Mailslot dir=in action=allow protocol=UDP localport=48783,48800-48815',
  );
});

function badOf(findings: readonly { readonly ok: boolean; readonly finding: string }[]): string[] {
  return findings.filter(({ ok }) => !ok).map(({ finding }) => finding);
}

function info(address: string, netmask: string, family: 'IPv4' | 'IPv6'): NetworkInterfaceInfo {
  const common = {
    address,
    netmask,
    mac: '',
    internal: false,
    cidr: `${address}/${family === 'IPv4' ? 24 : 64}`,
  };
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid: 2 };
}
