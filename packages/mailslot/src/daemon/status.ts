import type { NatsState } from '../config/nats-settings.js';
import type { LanState } from '../lan/lan.js';
import type { RedirectorStatistics } from '../redirector/redirector.js';

/** How a redirector stands. */
export interface RedirectorStatus {
  readonly root: string;
  readonly pid: number;
  readonly computer: string;
  /** Since its start, or since the clock jumped: 16 hexadecimal digits. */
  readonly instance: string;
  readonly domains: readonly DomainStatus[];
  readonly statistics: RedirectorStatistics;
  /** When it began to run, in milliseconds since 1970; one of an earlier version does not tell. */
  readonly startedAt?: number | undefined;
  /** True: it was started on first need, and makes way for one that is started on purpose. */
  readonly isOnDemand?: boolean | undefined;
}

/** Who this computer is to others. */
export interface Self {
  readonly computer: string;
  /** The first is the primary one. */
  readonly domains: readonly string[];
}

export function selfOf({ computer, domains }: Pick<RedirectorStatus, 'computer' | 'domains'>): Self {
  return { computer, domains: domains.map(({ name }) => name) };
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
export interface Commands {
  /** Read the configuration again. */
  readonly reload: () => Promise<void>;
  /** End. */
  readonly stop: () => void;
}
