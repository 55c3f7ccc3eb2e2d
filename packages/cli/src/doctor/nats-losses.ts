import type { NatsState } from 'mailslot';
import { MAX_PACKET } from 'mailslot/transports';
import { bad, type Finding } from './finding.js';
import { FIND_SENDER, permissionsRemedy, RAISE_MAX_PAYLOAD } from './nats-remedies.js';

/** Losses over NATS that something can be done about. */
export function natsLossFindings(name: string, nats: NatsState, computer: string): Finding[] {
  const { doubtful } = nats.sent;
  const { forged, foreign, flood, malformed } = nats.received.dropped;
  const remedies: readonly (readonly [count: number, finding: string, next: string])[] = [
    [
      doubtful,
      'messages had left when the connection was lost, and nobody knows whether they arrived',
      'look in the log of the server why it ended; a cluster of servers loses less',
    ],
    [
      forged,
      'packets came under a false seal, or in the name of another computer than the one that sealed them',
      'give each computer a user of its own, with what "mailslot nats permissions" prints',
    ],
    [
      foreign,
      'packets came that are sealed with a key that is not here',
      'compare "mailslot key list" on the computers; "mailslot key share" there, "mailslot key install" here. If none ' +
        `lacks it: ${FIND_SENDER}`,
    ],
    [flood, 'packets came that were too many to look at', FIND_SENDER],
    [malformed, 'packets came that are not laid out as they should be', FIND_SENDER],
  ];
  const findings = remedies
    .filter(([count]) => count > 0)
    .map(([count, finding, next]) => bad('nats', `${name}: ${count} ${finding}`, next));
  return [...unsentFindings(name, nats, computer), ...findings];
}

interface Reason {
  readonly holds: boolean;
  readonly text: string;
  readonly next: string;
}

/** Nothing but the number is kept, so what holds now has to tell why. */
function unsentFindings(name: string, nats: NatsState, computer: string): Finding[] {
  const { unsent } = nats.sent;
  if (unsent === 0) return [];
  const all = reasons(name, nats, computer);
  const some = all.filter(({ holds }) => holds);
  const texts = (list: readonly Reason[]): string => list.map(({ text }) => text).join(', or ');
  const finding = `${name}: ${unsent} messages were not sent`;
  if (some.length > 0)
    return [bad('nats', `${finding}: ${texts(some)}`, some.map(({ next }) => next).join('; '))];
  return [bad('nats', `${finding}: ${texts(all)}; none of that is so now`, WAIT_AND_SEE)];
}

const WAIT_AND_SEE =
  'nothing, if the number stays as it is; if it grows run this again then, and look in the log of the server';

function reasons(name: string, nats: NatsState, computer: string): Reason[] {
  const { state, reconnects, sealed, keyInUse, maxPayload = MAX_PACKET, refused } = nats;
  return [
    {
      holds: state !== 'connected' || reconnects > 0,
      text: 'no server took them within 20 s',
      next: 'look in the log of the server since when, and why; a cluster is there more often',
    },
    { holds: sealed && keyInUse === undefined, text: 'no key was in use', next: 'run "mailslot key use"' },
    {
      holds: maxPayload < MAX_PACKET,
      text: 'they were longer than the server takes',
      next: RAISE_MAX_PAYLOAD,
    },
    {
      holds: refused.some((what) => what.startsWith('publish ')),
      text: 'its permissions do not let this computer publish them',
      next: permissionsRemedy(computer, name),
    },
  ];
}
