import type { RedirectorStatus } from 'mailslot';
import { bufferFindings, type Overflows } from './buffers.js';
import { bad, type Finding, good } from './finding.js';

type DomainStatus = RedirectorStatus['domains'][number];
type LanStatus = NonNullable<DomainStatus['lan']>;

/** Whether the LAN can be used, and who is on it that cannot be understood. */
export function lanFindings(
  { name, lan, inUse }: DomainStatus,
  hasPeers: boolean,
  overflows: Overflows,
  answered: ReadonlySet<string>,
): Finding[] {
  if (lan === undefined) return [good('lan', `${name}: the configuration says not to use it`)];
  const findings = lan.groups.flatMap(({ family, address, port, joined, refused }) => [
    ...joined.map((each) =>
      good('lan', `${name}: listens to ${family} group ${address}, port ${port}, on ${each}`),
    ),
    ...Object.entries(refused).map(([each, reason]) =>
      bad('lan', `${name}: cannot join ${family} group ${address} on ${each}: ${reason}`, MULTICAST_REMEDY),
    ),
  ]);
  for (const way of lan.ways) {
    if (way.lastError === undefined) continue;
    findings.push(
      bad(
        'lan',
        `${name}: ${way.packetsLost} packets could not leave by ${way.interface} ${way.address}: ${way.lastError}`,
        'look whether the interface is up ("ip addr") and has a route for multicast ("ip route"), and at the firewall',
      ),
    );
  }
  for (const [what, reason] of Object.entries(lan.problems)) {
    findings.push(
      bad('lan', `${name}: ${what} cannot be opened: ${reason}`, PROBLEMS[reason] ?? MULTICAST_REMEDY),
    );
  }
  if (inUse !== undefined && lan.ways.length === 0) {
    findings.push(
      bad(
        'lan',
        `${name}: no interface is in use`,
        'bring one up, or take "interfaces" out of the configuration',
      ),
    );
  }
  return [
    ...findings,
    ...leftOutFindings(name, lan.leftOut),
    ...packetFindings(name, lan, answered),
    ...bufferFindings(name, lan, overflows),
    ...strangerFindings(name, lan.strangers, hasPeers),
  ];
}

function leftOutFindings(domain: string, leftOut: LanStatus['leftOut']): Finding[] {
  if (leftOut.length === 0) return [];
  return [
    bad(
      'lan',
      `${domain}: too many interfaces; not used: ${leftOut.join(', ')}`,
      'name those that lead to other computers, as in "lan": { "interfaces": ["eth0"] } of the domain, in the configuration',
    ),
  ];
}

/** What packets cost at least: the least that every path carries which carries IPv6. */
const BASE_PACKET = 1_200;

/**
 * Who does not get long packets. Whoever does not answer the echo either may be stopped or gone: that is told there, and
 * says nothing about its version.
 *
 * @param answered the instances that did
 */
function packetFindings(domain: string, { peers }: LanStatus, answered: ReadonlySet<string>): Finding[] {
  return peers.flatMap(
    ({ computer, address, instance, hasAnswered, packetBytes, lostFrom, losing, tooLong }) => {
      const name = `${domain}: ${computer} (${address})`;
      const alone = losing.map((each) =>
        bad(
          'packets',
          `${domain}: ${computer} gets packets of ${each.packetBytes} bytes at ${each.address}, and none of ${each.lostFrom} or ` +
            'more: what is longer goes another way, or is refused where there is none',
          PACKETS_REMEDY,
        ),
      );
      if (lostFrom !== undefined) {
        return [
          ...alone,
          bad(
            'packets',
            `${name} gets packets of ${packetBytes} bytes, and none of ${lostFrom} or more: longer messages to it are lost` +
              (tooLong > 0 ? `, ${tooLong} to all until now` : ''),
            PACKETS_REMEDY,
          ),
        ];
      }
      if (alone.length > 0 || hasAnswered || !answered.has(instance)) return alone;
      return [
        {
          ...good(
            'packets',
            `${name} does not tell how long packets may be: all get no more than ${BASE_PACKET} bytes at once`,
          ),
          next: 'if it runs an older version, bring it up to date; else look at the firewalls of both',
        },
      ];
    },
  );
}

export const PACKETS_REMEDY: string =
  'let IP fragments pass on the way (a firewall, nftables or a VPN may drop them), and give all interfaces of the LAN ' +
  'one MTU ("ip link" shows it: no jumbo frames on one side alone)';

const MULTICAST_REMEDY = 'look whether the interface is up and can multicast ("ip link" shows MULTICAST)';

const NO_DESCRIPTORS =
  'raise the limit of open files ("ulimit -n", LimitNOFILE= in the unit), or end what opens so many';
const NO_MEMORY = 'free memory: the system has none left for sockets';

const PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'end the process that has the port to itself, see "port"',
  EACCES: 'choose a port from 1024 on, in the configuration',
  EPERM: 'look at the sandbox or the service that the redirector runs in',
  EMFILE: NO_DESCRIPTORS,
  ENFILE: NO_DESCRIPTORS,
  ENOBUFS: NO_MEMORY,
  ENOMEM: NO_MEMORY,
};

/**
 * Who sent what was thrown away. What bears no mark that is known here is another domain's as it should be, or sealed
 * with a key that is missing here: where nobody else is heard, the latter.
 */
function strangerFindings(domain: string, strangers: LanStatus['strangers'], hasPeers: boolean): Finding[] {
  return strangers.flatMap(({ address, reason, packets }) => {
    if (reason === 'forged') {
      return [
        bad(
          'key',
          `${address} sent ${packets} packets that bear the mark of ${domain} under a false seal`,
          'somebody tampers with them, or the network damages them: look what runs at that address',
        ),
      ];
    }
    if (reason !== 'foreign') return [];
    const finding = `${address} sent ${packets} packets of another domain, or of ${domain} with a key that is not here`;
    return [{ check: 'key', ok: hasPeers, finding, next: KEY_REMEDY }];
  });
}

const KEY_REMEDY =
  'if it should be a member, compare "mailslot key list" on both; "mailslot key share" there, "mailslot key install" here';
