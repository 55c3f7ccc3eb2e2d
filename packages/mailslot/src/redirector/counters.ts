import type { TransportDrop } from '../transport/transport.js';
import type { RedirectorDrop } from './remote.js';

/** Why a message was lost here, on its way in. */
export type Drop = RedirectorDrop | TransportDrop;

/** Why a message of this computer was not sent; it was taken all the same. */
export type Refused =
  | 'not-allowed'
  | 'too-large'
  | 'rate'
  /** The clock of this computer says a time that cannot be. */
  | 'clock'
  /** None was up that could have carried it. */
  | 'no-transport'
  /** One of several transports was full for long; the others have carried it. */
  | 'stalled';

const DROPS: readonly Drop[] = [
  'no-slot',
  'not-allowed',
  'scope',
  'duplicate',
  'clock',
  'standstill',
  'rate',
  'too-large',
  'queue-full',
  'malformed',
  'foreign',
  'forged',
  'replay',
  'flood',
];

export const REFUSALS: readonly Refused[] = [
  'not-allowed',
  'too-large',
  'rate',
  'clock',
  'no-transport',
  'stalled',
];

/** What came and went one way. What was received was delivered, or dropped for one of the reasons. */
export interface Traffic {
  /** Messages handed to the transport. */
  readonly sent: number;
  /** Messages for this computer, less its own that came back; and whatever the transport threw away. */
  readonly received: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<Drop, number>>;
}

/** The counters of one transport, while it counts. */
export class TrafficCounters implements Traffic {
  sent = 0;
  received = 0;
  delivered = 0;
  readonly dropped: Record<Drop, number> = zeros(DROPS);

  drop(reason: Drop, count = 1): void {
    this.received += count;
    this.dropped[reason] += count;
  }

  copy(): Traffic {
    const { sent, received, delivered, dropped } = this;
    return { sent, received, delivered, dropped: { ...dropped } };
  }
}

export function noRefusals(): Record<Refused, number> {
  return zeros(REFUSALS);
}

/** All of it together. */
export function sumTraffic(parts: readonly Traffic[]): Traffic {
  const sum = new TrafficCounters();
  for (const part of parts) {
    sum.sent += part.sent;
    sum.received += part.received;
    sum.delivered += part.delivered;
    for (const reason of DROPS) sum.dropped[reason] += part.dropped[reason];
  }
  return sum.copy();
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
