import type { ComputerEntry, ProbeAnswer } from 'mailslot';
import { formatAge } from '../terminal/duration.js';
import { bad, type Finding, good } from './finding.js';
import { permissionsRemedy } from './nats-remedies.js';

/** Who else is there, and who has to share a name. */
export function peerFindings(computers: readonly ComputerEntry[], own: string, now: number): Finding[] {
  const others = computers.filter(({ name, instances }) => name !== own || instances > 1);
  const findings = others.map((computer) => peerFinding(computer, now));
  if (others.length === 0) findings.push(ALONE);
  return [...findings, ...computers.flatMap(conflictFindings)];
}

const ALONE: Finding = bad(
  'peer',
  'no other computer was heard',
  'run "mailslot doctor" on another one: both need the same domain, key and port, and a LAN that lets them meet ' +
    '(a guest WLAN does not), or a NATS server that both reach',
);

function peerFinding({ name, domain, state, addresses, lastSeen }: ComputerEntry, now: number): Finding {
  const text = `${name} in ${domain} (${addresses.join(', ') || 'this computer'})`;
  if (state === 'here') return good('peer', `${text} is here`);
  return bad(
    'peer',
    `${text} is ${state}, heard last ${formatAge(now - lastSeen)} ago`,
    'look whether it is on and connected, and run "mailslot doctor" there',
  );
}

function conflictFindings({ name, domain, conflict }: ComputerEntry): Finding[] {
  if (conflict === undefined) return [];
  const addresses = conflict.map(({ address }) => address || 'this one').join(', ');
  return [
    bad(
      'peer',
      `several machines of ${domain} use the name ${name}: ${addresses}`,
      'give all but one another name: MAILSLOT_COMPUTER, or "computer" in the configuration',
    ),
  ];
}

/** From here on messages are thrown away at 30 s: a clock this far off will be there soon. */
const SKEW_MS = 10_000;

/** Who answers to what. @param own the instance that asked */
export function probeFindings(
  computers: readonly ComputerEntry[],
  answers: readonly ProbeAnswer[],
  own: string,
): Finding[] {
  const others = answers.filter(({ instance }) => instance !== own);
  const answered = [...new Set(others.map(({ instance }) => instance))].flatMap((instance) =>
    answerFindings(others.filter((answer) => answer.instance === instance)),
  );
  const isSilent = ({ name, state, transports }: ComputerEntry): boolean =>
    state === 'here' && transports[0] !== 'loop' && !others.some(({ computer }) => computer === name);
  return [...answered, ...silentFindings(computers.filter(isSilent))];
}

/** Of so many that do not answer each has a line; more are likely made up, or behind one wall. */
const SILENT_LINES = 8;

function silentFindings(silent: readonly ComputerEntry[]): Finding[] {
  if (silent.length <= SILENT_LINES) return silent.map(silentFinding);
  const [first, second] = silent.map(({ name }) => name);
  return [
    bad(
      'echo',
      `${silent.length} computers announce themselves and do not answer: ${first}, ${second}, …`,
      'a firewall may keep our messages from all of them; or who has the key makes them up: ' +
        '"mailslot computers" shows their addresses',
    ),
  ];
}

function silentFinding({ name, domain, addresses, transports }: ComputerEntry): Finding {
  const text = `${name} (${addresses.join(', ')}) announces itself`;
  if (transports.every((transport) => transport === 'nats')) {
    return bad(
      'echo',
      `${text} over NATS, and does not answer: the server's permissions may keep our question or its answer back`,
      permissionsRemedy(name, domain),
    );
  }
  return bad(
    'echo',
    `${text}, and does not answer`,
    'something lets its messages in and ours not out, or not in there: look at the firewalls of both',
  );
}

/** What one instance answered. */
function answerFindings(answers: readonly ProbeAnswer[]): Finding[] {
  const [first] = answers;
  if (first === undefined) return [];
  // What took longest tells least: a clock is known no better than half the way there and back.
  const quickest = answers.reduce((one, other) => (other.roundTripMs < one.roundTripMs ? other : one));
  const { computer, address, skewMs, roundTripMs } = quickest;
  const name = `${computer} (${address})`;
  const findings = [echoFinding(first, answers)];
  const skew = `its clock is ${formatAge(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
  if (Math.abs(skewMs) - roundTripMs / 2 > SKEW_MS) {
    findings.push(
      bad('clock', `${name}: ${skew}; from 30s on messages are thrown away`, 'set the clocks of both (NTP)'),
    );
  }
  return findings;
}

function echoFinding({ computer, domain, address }: ProbeAnswer, answers: readonly ProbeAnswer[]): Finding {
  const name = `${computer} (${address})`;
  const best = (asked: ProbeAnswer['asked']): number | undefined => {
    const times = answers.filter((answer) => answer.asked === asked).map(({ roundTripMs }) => roundTripMs);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const one = best('one');
  const all = best('all');
  if (one === undefined) {
    return good('echo', `${name} answered to the question to all in ${milliseconds(all)}`);
  }
  if (all !== undefined) {
    return good('echo', `${name} answered in ${milliseconds(one)}, by the group in ${milliseconds(all)}`);
  }
  if (answers.every(({ via }) => via === 'nats')) {
    return bad(
      'echo',
      `${name} answers when it is asked alone, not when all are: the NATS server does not hand on what is for all`,
      permissionsRemedy(computer, domain),
    );
  }
  return bad(
    'echo',
    `${name} answers when it is asked alone, not by the group: multicast is lost on the way`,
    'look for IGMP snooping without a querier at the switch, or client isolation of the WLAN',
  );
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '?' : `${ms.toFixed(1)} ms`;
}
