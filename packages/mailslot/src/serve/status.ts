import type { LanState } from '../lan/lan.js';
import type { RedirectorStatistics } from '../redirector/redirector.js';
import type { NatsState } from './nats-settings.js';

/** How a redirector stands. */
export interface HouseStatus {
  readonly root: string;
  readonly pid: number;
  readonly computer: string;
  /** Since its start, or since the clock jumped: 16 hexadecimal digits. */
  readonly instance: string;
  readonly domains: readonly DomainStatus[];
  readonly statistics: RedirectorStatistics;
}

export interface DomainStatus {
  readonly name: string;
  /** The ids of the keys that are understood. */
  readonly keys: readonly string[];
  /** The one that is sent with; without one the domain is silent. */
  readonly inUse: string | undefined;
  /** Undefined: the configuration says that nothing goes over the LAN. */
  readonly lan: LanState | undefined;
  /** Undefined: the configuration names no servers. */
  readonly nats: NatsState | NatsMissing | undefined;
}

/** NATS is configured, and this redirector was started by a program that did not bring it. */
export interface NatsMissing {
  readonly state: 'missing';
  readonly servers: readonly string[];
}

/** What others may tell a redirector to do. */
export interface Orders {
  /** Read the configuration again. */
  readonly reload: () => Promise<void>;
  /** Take the place in the root again, which was removed, or end if another one has it. */
  readonly startAgain: () => void;
  /** End. */
  readonly stop: () => void;
}
