import type { RedirectorStatus } from 'mailslot';
import { natsText } from '../../network/nats-text.js';
import { escapeSentence } from '../../terminal/escape.js';

type Row = readonly [label: string, value: string];
type DomainStatus = RedirectorStatus['domains'][number];

/** Where a redirector listens, and as whom: what `serve` prints when it begins. */
export function identityText(status: RedirectorStatus): string {
  return textOf(identityRows(status));
}

/** All of it: what came, what went, and what became of it. */
export function statusText(status: RedirectorStatus): string {
  const { sent, received, delivered, dropped, refused, peers, gaps } = status.statistics;
  return textOf([
    ...identityRows(status),
    ['peers', `${peers}`],
    ['sent', `${sent}`],
    ['received', `${received}`],
    ['delivered', `${delivered}`],
    ['dropped', countsOf(dropped)],
    ['not sent', countsOf(refused)],
    ['lost on the way', `${gaps}`],
  ]);
}

function identityRows({ root, pid, computer, instance, domains }: RedirectorStatus): Row[] {
  return [
    ['root', root],
    ['pid', `${pid}`],
    ['computer', computer],
    ['instance', instance],
    ...domains.flatMap(domainRows),
    ...(domains.length === 0 ? [['domain', NO_DOMAIN] as const] : []),
  ];
}

const NO_DOMAIN = 'none: nothing is sent or heard; run "mailslot key new OFFICE", or "mailslot key install"';

function domainRows({ name, keys, inUse, lan, nats }: DomainStatus): Row[] {
  const others = keys.filter((id) => id !== inUse);
  const key = inUse === undefined ? 'none in use, so it is silent' : `key ${inUse}`;
  return [
    ['domain', `${name}, ${key}${others.length > 0 ? `, understands ${others.join(' ')}` : ''}`],
    ...lanRows(lan),
    ...natsRows(nats),
  ];
}

function lanRows(lan: DomainStatus['lan']): Row[] {
  if (lan === undefined) return [['  lan', 'not used']];
  return [
    ...lan.groups.map(({ family, address, port, joined }): Row => {
      return ['  lan', `${family} group ${address} port ${port} on ${joined.join(', ') || 'no interface'}`];
    }),
    ...lan.ways.map((way): Row => {
      return ['  lan', `${way.interface} ${way.address} port ${way.port}`];
    }),
    ...Object.entries(lan.problems).map(([what, reason]): Row => ['  lan', `${what}: ${reason}`]),
    ...lan.missing.map((what): Row => ['  lan', `${what} is not there`]),
    ...lan.leftOut.map((what): Row => ['  lan', `${what} is not used: too many interfaces`]),
  ];
}

function natsRows(nats: DomainStatus['nats']): Row[] {
  if (nats === undefined) return [];
  if (nats.state === 'missing') {
    return [['  nats', `${nats.servers.join(' ')}: not used, this redirector was started without it`]];
  }
  const { sent, received, state, problem } = nats;
  const rows: Row[] = [
    ['  nats', natsText(nats)],
    ...(state === 'connected' && problem !== undefined ? [['  nats', problem] as const] : []),
    [
      '  nats',
      `sent ${sent.messages}, received ${received.messages}, slots ask by ${nats.subscriptions} subjects`,
    ],
  ];
  if (sent.unsent + sent.doubtful > 0) {
    rows.push(['  nats', `not sent ${sent.unsent}, unknown whether sent ${sent.doubtful}`]);
  }
  return [...rows, ...nats.refused.map((what): Row => ['  nats', `the server refuses: ${what}`])];
}

/** Those that are not zero, the largest first: `no-slot 12, replay 1`. */
function countsOf(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  some.sort(([, one], [, other]) => other - one);
  return some.length === 0 ? '0' : some.map(([reason, count]) => `${reason} ${count}`).join(', ');
}

/** Names of computers and domains are others' text. */
function textOf(rows: readonly Row[]): string {
  return rows.map(([label, value]) => `${`${label}:`.padEnd(17)}${escapeSentence(value)}\n`).join('');
}
