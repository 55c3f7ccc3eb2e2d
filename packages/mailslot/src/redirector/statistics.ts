import { noRefusals, REFUSALS, type Refused, sumTraffic, type Traffic } from './counters.js';
import type { Domain } from './domain.js';
import type { OtherClock } from './other-clocks.js';

/** One way between the computers of a domain; `loop` is the one that stays on this computer. */
interface TransportStatistics extends Traffic {
  readonly name: string;
  /** False while it cannot be started, or is not yet. */
  readonly isUp: boolean;
}

interface DomainStatistics extends Traffic {
  readonly name: string;
  /** Instances heard in the last 70 s. */
  readonly peers: number;
  /** Messages that the network lost: numbers that are missing in what others sent to us. */
  readonly gaps: number;
  /** Messages of this computer that were taken and not sent. */
  readonly refused: Readonly<Record<Refused, number>>;
  readonly transports: readonly TransportStatistics[];
  /** Computers whose messages were dropped as `clock`, the latest last. */
  readonly otherClocks: readonly OtherClock[];
}

/** What went through the redirector since its start, all domains together and each. `sent` counts a message once. */
export interface RedirectorStatistics extends Traffic {
  readonly peers: number;
  readonly gaps: number;
  readonly refused: Readonly<Record<Refused, number>>;
  readonly domains: readonly DomainStatistics[];
}

/** @param now by the clock that never jumps */
export function statisticsOf(domains: readonly Domain[], now: number): RedirectorStatistics {
  const each = domains.map((domain) => domainStatistics(domain, now));
  const refused = noRefusals();
  for (const domain of each) for (const reason of REFUSALS) refused[reason] += domain.refused[reason];
  return {
    ...sumTraffic(each),
    peers: each.reduce((sum, { peers }) => sum + peers, 0),
    gaps: each.reduce((sum, { gaps }) => sum + gaps, 0),
    refused,
    domains: each,
  };
}

function domainStatistics(domain: Domain, now: number): DomainStatistics {
  const transports = domain.links.map(({ transport, isUp, counters }) => {
    return { name: transport.name, isUp, ...counters.copy() };
  });
  const all = [...transports, { name: 'loop', isUp: true, ...domain.loop.copy() }];
  return {
    name: domain.name,
    ...sumTraffic(all),
    sent: domain.sent,
    peers: new Set(Array.from(domain.peers(now), ({ instance }) => instance)).size,
    gaps: domain.gaps,
    refused: { ...domain.refused },
    transports: all,
    otherClocks: domain.otherClocks.all(),
  };
}
