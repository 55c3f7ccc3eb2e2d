import type { HouseStatus } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { bad, type Finding, good } from './doctor-finding.js';

type DomainStatus = HouseStatus['domains'][number];

/** How a redirector that runs stands against the configuration of who asks. */
export function redirectorFindings(
  status: HouseStatus,
  config: Config | undefined,
  hasPeers: boolean,
): Finding[] {
  const { pid, computer, domains } = status;
  const findings = [good('redirector', `process ${pid} runs as ${computer}`)];
  for (const domain of domains) {
    const mine = config?.domains.find(({ name }) => name === domain.name);
    const isSame = mine === undefined || mine.use === domain.inUse;
    if (isSame) continue;
    findings.push(
      bad(
        'key',
        `the redirector sends with key ${domain.inUse} in ${domain.name}, your configuration says ${mine.use}`,
        'end it and start it again; or it runs with another configuration (MAILSLOT_CONFIG, another user)',
      ),
    );
  }
  return [
    ...findings,
    ...domains.flatMap((domain) => lanFindings(domain, hasPeers)),
    ...counterFindings(status),
  ];
}

function lanFindings({ name, lan, inUse }: DomainStatus, hasPeers: boolean): Finding[] {
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
  return [...findings, ...strangerFindings(name, lan.strangers, hasPeers)];
}

const MULTICAST_REMEDY = 'look whether the interface is up and can multicast ("ip link" shows MULTICAST)';

const PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'end the process that has the port to itself, see "port"',
  EACCES: 'choose a port from 1024 on, in the configuration',
};

/**
 * Who sent what was thrown away. What bears no mark that is known here is another domain's as it should be, or sealed
 * with a key that is missing here: where nobody else is heard, the latter.
 */
function strangerFindings(
  domain: string,
  strangers: DomainStatus['lan']['strangers'],
  hasPeers: boolean,
): Finding[] {
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

/** Losses that something can be done about. */
function counterFindings({ statistics }: HouseStatus): Finding[] {
  const { dropped, refused, gaps, received } = statistics;
  const remedies: readonly (readonly [count: number, finding: string, next: string])[] = [
    [dropped.clock, 'messages whose time is more than 30 s off', 'set the clocks of the computers (NTP)'],
    [
      dropped.rate,
      'messages that came faster than the policy allows',
      'raise "perSecond", or slow the sender down',
    ],
    [
      dropped['too-large'],
      'messages that are longer than the policy allows',
      'raise "maxSize", or send less',
    ],
    [
      dropped['queue-full'],
      'messages whose slot did not keep up',
      'read faster, or give the slot a larger queue',
    ],
    [
      dropped.flood,
      'packets that were too many to look at',
      'look who sends them, below "strangers" of "mailslot status --json"',
    ],
    [dropped.malformed, 'packets that are not laid out as they should be', 'look what else uses that port'],
    [
      refused.rate,
      'messages of this computer that the policy did not let out',
      '"mailslot policy explain" tells the rule',
    ],
    [
      refused['not-allowed'],
      'messages of this computer that the policy forbids',
      '"mailslot policy explain" tells the rule',
    ],
  ];
  const findings = remedies
    .filter(([count]) => count > 0)
    .map(([count, finding, next]) => bad('losses', `${count} ${finding}`, next));
  if (gaps > 0) {
    findings.push(
      bad(
        'losses',
        `${gaps} messages were lost on the way`,
        'a larger receive buffer: "sysctl net.core.rmem_max=4194304"',
      ),
    );
  }
  return findings.length > 0 ? findings : [good('losses', `none of ${received} messages that came`)];
}
