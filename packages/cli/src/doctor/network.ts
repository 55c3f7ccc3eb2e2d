import { type InterfaceKind, type Interfaces, kindOfInterface } from '../network/interfaces.js';
import { bad, type Finding, good } from './finding.js';
import { type ClosedFirewall, joined } from './firewall.js';
import type { PortRange } from './packets.js';
import type { PortOwner } from './ports.js';

const REMARKS: Readonly<Record<InterfaceKind, string>> = {
  loopback: 'this computer only',
  lan: 'a LAN',
  containers: 'a bridge to containers of this computer; computers of the LAN are not behind it',
  'virtual machines': 'virtual machines of this computer',
  vpn: 'a VPN, which seldom carries multicast: computers behind it may not be found',
};

/** @param chosen what the configuration restricts itself to, by name or address */
export function interfaceFindings(interfaces: Interfaces, chosen: readonly string[] | undefined): Finding[] {
  const present = Object.entries(interfaces).map(([name, addresses = []]) => ({
    name,
    addresses: addresses.map(({ address }) => address),
    kind: kindOfInterface(name),
  }));
  const findings = present.map(({ name, addresses, kind }) =>
    good('interface', `${name} (${addresses.join(', ')}): ${REMARKS[kind]}`),
  );
  const missing = (chosen ?? []).filter(
    (wanted) => !present.some(({ name, addresses }) => name === wanted || addresses.includes(wanted)),
  );
  for (const name of missing) {
    findings.push(
      bad(
        'interface',
        `the configuration names ${name}, which is not up, or has no address`,
        'bring it up ("ip addr" shows all), or take it out of "interfaces" in the configuration',
      ),
    );
  }
  if (chosen === undefined && present.every(({ kind }) => kind !== 'lan' && kind !== 'vpn')) {
    findings.push(
      bad(
        'interface',
        'no interface leads to a LAN',
        'connect the cable or the WLAN; "ip addr" shows what is up',
      ),
    );
  }
  return findings;
}

/** @param owners `undefined`: this system does not tell */
export function portFindings(port: number, owners: readonly PortOwner[] | undefined): Finding[] {
  if (owners === undefined)
    return [good('port', `who has UDP port ${port} open cannot be seen on this system`)];
  if (owners.length === 0) return [good('port', `UDP port ${port} is free`)];
  return owners.map(({ uid, pid, command }) => {
    const who = pid === undefined ? `a process of uid ${uid}` : `process ${pid} (${command}) of uid ${uid}`;
    // The redirectors of several users share it; whatever else has it takes what is meant for them.
    if (command === undefined || /^(node|mailslot|MainThread)/.test(command)) {
      return good('port', `${who} has UDP port ${port} open`);
    }
    return bad(
      'port',
      `${who} has UDP port ${port} open, and is no redirector`,
      'end it, or give all computers of the domain another "port" in their configurations',
    );
  });
}

/**
 * A firewall that throws away what is for us is told whoever is heard: others may come by another port, card or family.
 * One whose rules cannot be seen is taken to be closed only where nobody is heard.
 *
 * @param ports by which messages come
 * @param unread why not all rules could be read; `undefined`: they could
 * @param heard whether any other computer was
 */
export function firewallFindings(
  firewalls: readonly ClosedFirewall[],
  ports: readonly PortRange[],
  unread: string | undefined,
  heard: boolean,
): Finding[] {
  const findings = firewalls.flatMap(({ name, refused, allow }) => {
    if (refused !== undefined) {
      return [
        bad('firewall', `${name} throws away what other computers send here: ${refused}`, allow(ports)),
      ];
    }
    if (heard) return [good('firewall', `${name} is on; other computers are heard all the same`)];
    return [
      bad('firewall', `${name} may keep other computers out: no message from them was seen`, allow(ports)),
    ];
  });
  if (unread !== undefined) {
    const next =
      `look at "sudo nft list ruleset" and "sudo iptables-save": UDP to the ports ${joined(ports, '-', ', ')} ` +
      'must be let in';
    const unknown = good('firewall', `could not be checked: ${unread}`);
    return [...findings, process.platform === 'linux' ? { ...unknown, next } : unknown];
  }
  if (findings.length > 0) return findings;
  return [good('firewall', 'no rule is known that keeps messages out')];
}

/** Years in which this software may run: by another clock nothing is sent. */
const YEARS = [2020, 2100] as const;

/** Whether our own clock may be right. */
export function clockFindings(now: number): Finding[] {
  const [from, to] = YEARS.map((year) => Date.UTC(year, 0)) as [number, number];
  if (now >= from && now < to) return [];
  const says = new Date(now).toISOString().slice(0, 16);
  return [
    bad(
      'clock',
      `this computer's clock says ${says}, which cannot be: it sends nothing, and takes nothing of others`,
      'set it ("timedatectl set-ntp true", or "date -s")',
    ),
  ];
}
