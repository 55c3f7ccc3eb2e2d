import type { Config } from '../config/config.js';
import type { StoredDomain } from '../config/config-schema.js';
import { withContents } from '../config/nats-files.js';
import type { NatsFactory, NatsTransport } from '../config/nats-settings.js';
import { type LanTransport, lanTransport } from '../lan/lan.js';
import { KeyRing } from '../packet/key-ring.js';
import type { Ports } from '../ports/ports.js';
import type { Transport } from '../transport/transport.js';
import type { DomainStatus } from './status.js';

/** What all domains of a redirector are made with. */
export interface DomainParts {
  readonly computer: string;
  /** `undefined`: nobody brought it. */
  readonly nats: NatsFactory | undefined;
  readonly ports: Ports;
}

/** A domain of a redirector that runs: its keys, and the ways to its computers. */
export class LiveDomain {
  readonly name: string;
  readonly ring: KeyRing;
  private readonly lan: LanTransport | undefined;
  private readonly nats: NatsTransport | undefined;
  /** Of NATS. */
  private readonly servers: readonly string[] | undefined;

  /** @param stored with the contents of its files, see {@link contentsOf} */
  constructor({ name, keys, use, lan, nats }: StoredDomain, { computer, nats: make, ports }: DomainParts) {
    this.name = name;
    this.ring = new KeyRing(name, keys, use);
    if (lan !== false) this.lan = lanTransport({ domain: name, keys: this.ring, ...lan }, ports);
    if (nats === undefined) return;
    this.servers = nats.servers;
    this.nats = make?.({ domain: name, computer, keys: this.ring, settings: nats }, ports);
    if (make === undefined) ports.log.warn(notBrought(name));
  }

  /** The best first. */
  get transports(): readonly Transport[] {
    return [this.lan, this.nats].filter((transport) => transport !== undefined);
  }

  /** Finds out what packets its computers get; {@link status} shows it a moment later. */
  probe(): void {
    this.lan?.probe();
  }

  status(): DomainStatus {
    const { name, ring, lan, nats, servers } = this;
    return {
      name,
      keys: ring.keys.map(({ id }) => id),
      inUse: ring.inUse?.id,
      lan: lan?.describe(),
      nats: nats?.describe() ?? (servers && { state: 'missing', servers }),
    };
  }
}

/**
 * The domains of a configuration with the contents of the files that they name: who changes one wants it to be used.
 *
 * @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`
 */
export function contentsOf({ domains }: Config): readonly StoredDomain[] {
  return domains.map((domain) => ({ ...domain, nats: domain.nats && withContents(domain.nats) }));
}

function notBrought(name: string): string {
  return (
    `the domain ${name} is configured for NATS, and the program that started this redirector did not bring it: ` +
    'run "mailslot serve", which does, or hand natsTransport of @mailslot/nats to startRedirector'
  );
}
