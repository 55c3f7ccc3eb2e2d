import { MailslotError } from '../errors.js';
import { MAX_OFFERS } from '../limits.js';
import { BROWSE_PATH, ECHO_PATH } from '../name/services.js';
import { parseName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Ports } from '../ports/ports.js';
import type { Destination } from '../redirector/destination.js';
import type { RemoteDetails, RemoteSender } from '../redirector/remote.js';
import type { Carrier } from './carrier.js';
import { Echo, type EchoAnswer } from './echo.js';
import { type ComputerEntry, entryOf } from './entry.js';
import { isOffer } from './facts.js';
import { machineIdentity } from './machine.js';
import type { Computer } from './peer.js';
import { Presence, type PresenceOptions } from './presence.js';
import { type Change, Roster } from './roster.js';
import { search } from './search.js';

export type { ComputerEntry } from './entry.js';

export interface BrowserOptions {
  /** Services of this computer that others may know of, as `messenger`: up to 8 names of a-z, 0-9, `.` and `-`. */
  readonly offers: readonly string[];
  /** 16 hexadecimal digits, the same for all instances of this machine. Default {@link machineIdentity}. */
  readonly machine?: string | undefined;
  readonly ports: Ports;
}

/** What became of a computer. */
export interface ComputerEvent {
  readonly change: Change;
  readonly computer: ComputerEntry;
}

export interface BrowserStatistics {
  /** Messages of others that were taken, by the service. */
  readonly received: number;
  /** Messages that were not laid out as `docs/wire/browse.md` says. */
  readonly malformed: number;
  /** Instances that found no room in the roster, or had no proper name. */
  readonly refused: number;
}

interface Domain {
  readonly name: string;
  readonly browse: Destination;
  readonly echo: Destination;
  readonly roster: Roster;
  readonly presence: Presence;
}

/**
 * Knows which computers are there, in all domains of a redirector, and lets them know of this one.
 *
 * A computer that starts is known to all others and knows all others within a second. All computers of a domain together
 * announce themselves ten times a second, whatever their number. Memory is bounded: {@link MAX_PEERS} instances a domain.
 */
export class Discovery {
  private readonly carrier: Carrier;
  private readonly ports: Ports;
  private readonly echo: Echo;
  private readonly domains = new Map<string, Domain>();
  private readonly listeners = new Set<(event: ComputerEvent) => void>();
  private readonly self: Pick<PresenceOptions, 'offers' | 'machine'>;
  private stops: (() => void)[] = [];
  private received = 0;
  private malformed = 0;

  /** @throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT` for offers that cannot be announced. */
  constructor(carrier: Carrier, options: BrowserOptions) {
    const wrong = options.offers.find((offer) => !isOffer(offer));
    if (wrong !== undefined || options.offers.length > MAX_OFFERS) {
      throw new MailslotError(
        'ERR_MAILSLOT_INVALID_ARGUMENT',
        `offers are up to ${MAX_OFFERS} names of at most 32 characters a-z, 0-9, "." and "-"; ` +
          `given: ${JSON.stringify(wrong ?? options.offers)}`,
      );
    }
    this.carrier = carrier;
    this.self = { offers: options.offers, machine: options.machine ?? machineIdentity() };
    this.ports = options.ports;
    this.echo = new Echo(carrier, options.ports);
  }

  /** Begins to listen and to announce. Call it when the redirector has started. */
  start(): void {
    for (const name of this.carrier.domains) this.domains.set(upperCase(name), this.enter(name));
    this.attach(BROWSE_PATH, (domain, data, sender, { instance, address }) => {
      domain.presence.received(data, { instance, address, computer: sender.computer, via: sender.via });
    });
    this.attach(ECHO_PATH, (domain, data, sender, details) => {
      this.echo.received(data, sender, details, domain.echo);
    });
    const presences = Array.from(this.domains.values(), ({ presence }) => presence);
    this.stops.push(
      this.carrier.onRenewed(() => {
        for (const presence of presences) presence.renewed();
      }),
      this.carrier.onUp(() => {
        for (const presence of presences) presence.cameUp();
      }),
      // A busy network must not make this computer seem silent.
      this.carrier.onRoom(() => {
        for (const presence of presences) presence.hasRoom();
      }),
    );
    for (const presence of presences) presence.start();
  }

  /** Says goodbye and stops. Call it before the redirector is closed. */
  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    this.echo.close();
    for (const { presence } of this.domains.values()) presence.close();
    this.domains.clear();
  }

  /** All computers that are known, this one included, by domain and name. */
  computers(): ComputerEntry[] {
    return Array.from(this.domains.values()).flatMap(({ name, roster }) => {
      const entries = Array.from(roster.computers(), (computer) => this.entryOf(computer, name));
      return entries.sort((one, other) => compare(one.name, other.name));
    });
  }

  /**
   * Whether a computer of that name is there: from memory, else by asking for it, for at most `timeoutMs`.
   * Rejects with the signal's reason when that aborts.
   */
  async find(computer: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    const key = upperCase(computer);
    if (key === upperCase(this.carrier.computer)) return true;
    const known = Array.from(this.domains.values(), ({ roster }) => roster.find(computer));
    if (known.some((each) => each && each.state !== 'gone')) return true;
    const ask = (found: () => void): (() => void) => this.askFor(key, found);
    return search({ ask, clock: this.ports.clock, timeoutMs, signal });
  }

  /** Whether a computer of that name was there, and no one of that name is any more. */
  isGone(computer: string): boolean {
    const known = Array.from(this.domains.values(), ({ roster }) => roster.find(computer)).filter(Boolean);
    return known.length > 0 && known.every((each) => each?.state === 'gone');
  }

  /**
   * Asks one computer, or all of a domain, to answer by unicast. `answered` is called for each instance that does,
   * until the question is withdrawn by what this returns.
   */
  probe(domain: string, to: Destination['to'], answered: (answer: EchoAnswer) => void): () => void {
    const known = this.domains.get(upperCase(domain));
    if (!known) return () => {};
    const spreadMs = to.kind === 'domain' ? 2 * known.roster.population(this.ports.clock.monotonic()) : 0;
    return this.echo.ask({ ...known.echo, to }, spreadMs, answered);
  }

  /** Calls `listener` with every change from now on; returns how to stop that. */
  watch(listener: (event: ComputerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  statistics(): BrowserStatistics {
    const rosters = Array.from(this.domains.values(), ({ roster }) => roster);
    const refused = rosters.reduce((sum, roster) => sum + roster.refused, 0);
    return { received: this.received, malformed: this.malformed, refused };
  }

  private enter(name: string): Domain {
    const browse = this.carrier.destinationOf(parseName(`//${name}/mailslot/${BROWSE_PATH}`));
    const echo = { ...browse, slot: ECHO_PATH };
    const roster = new Roster((change, computer) => this.changed(change, computer, name));
    const { carrier, ports } = this;
    const presence = new Presence({ ...this.self, carrier, ports, roster, everybody: browse });
    return { name, browse, echo, roster, presence };
  }

  /** Listens at a slot of ours, to members alone. What they say there may be anything. */
  private attach(
    slot: string,
    take: (domain: Domain, data: Uint8Array, sender: RemoteSender, details: RemoteDetails) => void,
  ): void {
    const attachment = this.carrier.attach(slot, 'domain', (data, sender, details) => {
      const domain = this.domains.get(upperCase(sender.domain));
      if (!domain) return true;
      this.received += 1;
      try {
        take(domain, data, sender, details);
      } catch (error) {
        if (!(error instanceof MailslotError && error.code === 'ERR_MAILSLOT_MALFORMED')) throw error;
        this.malformed += 1;
      }
      return true;
    });
    this.stops.push(() => attachment.detach());
  }

  /** Asks for one computer in all domains, and listens whether it announces itself meanwhile. */
  private askFor(key: string, found: () => void): () => void {
    const heard = ({ computer }: { readonly computer: string }): void => {
      if (upperCase(computer) === key) found();
    };
    const stops = Array.from(this.domains.values(), ({ name }) =>
      this.probe(name, { kind: 'computer', name: key }, heard),
    );
    stops.push(this.watch(({ computer }) => heard({ computer: computer.name })));
    return () => {
      for (const stop of stops) stop();
    };
  }

  private entryOf(computer: Computer, domain: string): ComputerEntry {
    return entryOf(computer, domain, this.carrier.transportsTo(domain, computer.key), this.ports.clock);
  }

  private changed(change: Change, computer: Computer, domain: string): void {
    if (change === 'conflict' && computer.key === upperCase(this.carrier.computer)) {
      this.warnOfConflict(computer, domain);
    }
    if (this.listeners.size === 0) return;
    const event: ComputerEvent = { change, computer: this.entryOf(computer, domain) };
    for (const listener of this.listeners) listener(event);
  }

  private warnOfConflict(computer: Computer, domain: string): void {
    const { conflict = [] } = this.entryOf(computer, domain);
    const others = conflict.map(({ address }) => address).filter((address) => address !== '');
    this.ports.log.warn(
      `another machine uses the name ${computer.name} in the domain ${domain}: ${others.join(', ')}; ` +
        'give one of them another name, by MAILSLOT_COMPUTER or "computer" in the configuration',
    );
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
