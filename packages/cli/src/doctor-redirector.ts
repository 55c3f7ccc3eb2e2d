import type { HouseStatus } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { formatAge } from './computers-actions.js';
import { bad, type Finding, good } from './doctor-finding.js';
import { lanFindings } from './doctor-lan.js';
import { natsFindings } from './doctor-nats.js';

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
    ...domains.flatMap((domain) => natsFindings(domain, computer, config)),
    ...status.statistics.domains.flatMap(clockFindings),
    ...counterFindings(status),
  ];
}

/** Whose messages are thrown away because of their time; an older redirector does not tell. */
function clockFindings({ name, otherClocks = [] }: HouseStatus['statistics']['domains'][number]): Finding[] {
  return otherClocks.map(({ computer, address, aheadMs, messages }) => {
    const off = `${formatAge(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours`;
    return bad(
      'clock',
      `${messages} messages of ${computer} in ${name} (${address}) were thrown away: the last bore a time ${off}`,
      'set the clocks of both (NTP); where both are right, somebody sends what was recorded once more',
    );
  });
}

/** Losses that something can be done about. */
function counterFindings({ statistics, domains }: HouseStatus): Finding[] {
  const { dropped, refused, gaps, received } = statistics;
  const ofLan = droppedByLan(statistics);
  const remedies: readonly (readonly [count: number, finding: string, next: string])[] = [
    [dropped.clock, 'messages whose time is more than 30 s off', 'set the clocks of the computers (NTP)'],
    [
      dropped.standstill,
      'messages that waited too long while this computer or its redirector stood still',
      'the clocks are not to blame: look whether it was suspended, stopped by a debugger, or had no processor time',
    ],
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
      ofLan('flood'),
      'packets that were too many to look at',
      'look who sends them, below "strangers" of "mailslot status --json"',
    ],
    [ofLan('malformed'), 'packets that are not laid out as they should be', 'look what else uses that port'],
    [
      refused.clock,
      'messages of this computer that were not sent: its clock says a time that cannot be',
      'set it ("timedatectl set-ntp true", or "date -s")',
    ],
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
  // What came and had waited too long is missing in the count of its sender as well.
  const lost = gaps - Math.min(gaps, dropped.standstill);
  if (lost > 0) {
    findings.push(
      bad(
        'losses',
        `${lost} messages were lost on the way`,
        domains.some(({ lan }) => lan !== undefined)
          ? 'a larger receive buffer: "sysctl -w net.core.rmem_max=4194304"'
          : 'look above at "nats", here and on the computers that send',
      ),
    );
  }
  if (findings.length > 0 || dropped.flood + dropped.malformed > 0) return findings;
  return [good('losses', `none of ${received} messages that came`)];
}

/** What came over NATS and was thrown away is told with the server, for there is no address that it came from. */
function droppedByLan({
  domains,
}: HouseStatus['statistics']): (reason: keyof HouseStatus['statistics']['dropped']) => number {
  const ways = domains.flatMap(({ transports }) => transports).filter(({ name }) => name !== 'nats');
  return (reason) => ways.reduce((sum, { dropped }) => sum + dropped[reason], 0);
}
