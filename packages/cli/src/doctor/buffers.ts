import type { RedirectorStatus } from 'mailslot';
import { bad, type Finding, good } from './finding.js';

type LanStatus = NonNullable<RedirectorStatus['domains'][number]['lan']>;

/** How many packets the system threw away for want of receive buffer; `undefined`: it does not tell. */
export type Overflows = (lan: LanStatus) => number | undefined;

/** What the redirector asks for; the system may give less. */
const WANTED_BUFFER = 4 * 1024 * 1024;

/** 10 ms of what a LAN brings at most: a pause of the process that is longer loses messages. */
const SMALL_BUFFER = 1024 * 1024;

/** A small one is no mistake, since many systems give no more and few LANs need it; one that overflowed is. */
export function bufferFindings(name: string, lan: LanStatus, overflows: Overflows): Finding[] {
  const smallest = smallestOf(lan);
  const text = `${name}: the system gives a receive buffer of ${Math.floor(smallest / 1024)} KB`;
  const packets = overflows(lan);
  if (packets !== undefined && packets > 0) {
    return [bad('lan', `${text}, and threw ${packets} packets away because it was full`, bufferRemedy(lan))];
  }
  if (smallest >= SMALL_BUFFER) return [];
  const state =
    packets === undefined ? 'whether it overflowed cannot be seen on this system' : 'it has not overflowed';
  return [good('lan', `${text}; ${state}`)];
}

/** For one that has overflowed. */
export function bufferRemedy(lan: LanStatus): string {
  return smallestOf(lan) < WANTED_BUFFER
    ? `as root "sysctl -w net.core.rmem_max=${WANTED_BUFFER}", and start the redirector again`
    : 'it is as large as it is asked for: look what keeps the redirector from the processor ("top"), or send less at once';
}

function smallestOf({ groups }: LanStatus): number {
  return Math.min(...groups.map(({ receiveBuffer }) => receiveBuffer));
}
