import type { RedirectorStatus } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { formatAge } from '../terminal/duration.js';
import { bufferRemedy, type Overflows } from './buffers.js';
import { bad, type Finding, good } from './finding.js';
import { lanFindings, PACKETS_REMEDY } from './lan.js';
import { natsFindings } from './nats.js';

/** What the system says beside the redirector. */
export interface Context {
  /** Whether any other computer was heard. */
  readonly hasPeers: boolean;
  readonly overflows: Overflows;
  /** The instances that have answered the echo over the LAN. */
  readonly answered: ReadonlySet<string>;
  /** Whether our own clock may be right: by one that cannot be, nobody else's is judged. */
  readonly isClockRight: boolean;
  /** Names of firewalls that throw away what is for us. */
  readonly closed: readonly string[];
}

/** How a redirector that runs stands against the configuration of who asks. */
export function redirectorFindings(
  status: RedirectorStatus,
  config: Config | undefined,
  { hasPeers, overflows, isClockRight, closed, answered }: Context,
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
    ...domains.flatMap((domain) => lanFindings(domain, hasPeers, overflows, answered)),
    ...domains.flatMap((domain) => natsFindings(domain, computer, config)),
    ...status.statistics.domains.flatMap(clockFindings),
    ...counterFindings(status, isClockRight),
    ...gapFindings(status, overflows, closed),
  ];
}

/** Whose messages are thrown away because of their time; an older redirector does not tell. */
function clockFindings({
  name,
  otherClocks = [],
}: RedirectorStatus['statistics']['domains'][number]): Finding[] {
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
function counterFindings({ statistics }: RedirectorStatus, isClockRight: boolean): Finding[] {
  const { dropped, refused, received } = statistics;
  const ofLan = droppedByLan(statistics);
  const remedies: readonly (readonly [count: number, finding: string, next: string])[] = [
    [
      dropped.clock,
      'messages whose time is more than 30 s off',
      isClockRight
        ? 'set the clocks of the computers (NTP)'
        : 'set the clock of this computer, and look again',
    ],
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
  const isMore = dropped.flood + dropped.malformed > 0 || lostOf(statistics) > 0;
  if (findings.length > 0 || isMore) return findings;
  return [good('losses', `none of ${received} messages that came`)];
}

/** What came and had waited too long is missing in the count of its sender as well. */
function lostOf({ gaps, dropped }: RedirectorStatus['statistics']): number {
  return gaps - Math.min(gaps, dropped.standstill);
}

/** What was lost on the way, with what may have lost it as far as that is known here. */
function gapFindings(
  { statistics, domains }: RedirectorStatus,
  overflows: Overflows,
  closed: readonly string[],
): Finding[] {
  const lost = lostOf(statistics);
  // A redirector of an older version does not tell all of that.
  if (!(lost > 0)) return [];
  const lans = domains.flatMap(({ lan }) => lan ?? []);
  const full = lans.find((lan) => (overflows(lan) ?? 0) > 0);
  const isPathShort = lans.some(({ peers }) =>
    peers.some(({ lostFrom, losing }) => lostFrom !== undefined || losing.length > 0),
  );
  const causes = [
    ...(full === undefined ? [] : [`the receive buffer was full: ${bufferRemedy(full)}`]),
    ...(closed.length === 0 ? [] : [`${closed.join(' and ')} throws packets away: see "firewall" below`]),
    ...(isPathShort ? [`long packets are lost: ${PACKETS_REMEDY}`] : []),
    ...(domains.some(({ nats }) => nats !== undefined)
      ? ['NATS may have lost them: look above at "nats", here and on the computers that send']
      : []),
  ];
  return [bad('losses', `${lost} messages were lost on the way`, causes.join('; or ') || UNKNOWN_LOSS)];
}

const UNKNOWN_LOSS =
  'why is not known here, where neither a full buffer, a firewall nor the length of packets was seen to be the cause: ' +
  'run "mailslot doctor" on the computers that send, and look at the network between (a weak WLAN, a switch)';

/** What came over NATS and was thrown away is told with the server, for there is no address that it came from. */
function droppedByLan({
  domains,
}: RedirectorStatus['statistics']): (reason: keyof RedirectorStatus['statistics']['dropped']) => number {
  const ways = domains.flatMap(({ transports }) => transports).filter(({ name }) => name !== 'nats');
  return (reason) => ways.reduce((sum, { dropped }) => sum + dropped[reason], 0);
}
