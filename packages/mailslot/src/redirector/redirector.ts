import { MailslotError } from '../errors.js';
import { ALWAYS_CARRIED, CLOCK_JUMP_MS } from '../limits.js';
import type { Remote } from '../name/remote.js';
import type { Scope } from '../name/scope.js';
import { isService } from '../name/services.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Ports } from '../ports/ports.js';
import { isPossibleTime, wrongClock } from '../ports/wrong-clock.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import type { Transport } from '../transport/transport.js';
import { ClockWatch } from './clock-watch.js';
import { type Refused, TrafficCounters } from './counters.js';
import { type Destination, leadOf, tooLarge } from './destination.js';
import { Domain, type Hindrance } from './domain.js';
import { Incoming, type Ingress, ingressOf } from './incoming.js';
import { Link, type LinkOwner } from './link.js';
import { Listeners } from './listeners.js';
import { Numbering } from './numbering.js';
import type { Policy } from './policy.js';
import { type Passage, PolicyGate } from './policy-gate.js';
import type { Deliver } from './remote.js';
import { type Attachment, type RouteEnd, Routes } from './routes.js';
import { type RedirectorStatistics, statisticsOf } from './statistics.js';
import type { WindowStore } from './windows.js';

export type { Destination } from './destination.js';
export type { Hindrance } from './domain.js';
export type { Attachment } from './routes.js';
export type { RedirectorStatistics } from './statistics.js';

/** A domain, and the ways to its computers. */
export interface DomainSetup {
  readonly name: string;
  readonly transports: readonly Transport[];
}

export interface RedirectorOptions {
  /** This computer's name. */
  readonly computer: string;
  /** The first is the primary one. None: nothing is ever sent or listened to. */
  readonly domains: readonly DomainSetup[];
  /** What was delivered before; `fileWindows` keeps it over restarts. */
  readonly windows: WindowStore;
  readonly policy: Policy;
  readonly ports: Ports;
}

/**
 * The one place that decides: which transport, which slot, twice or not, allowed or not. It has no sockets, files or
 * timers of its own; all that is handed in.
 *
 * - A message is delivered at most once for each slot, however many ways it came, also across a restart with the same
 *   window file.
 * - What is sent to a domain or to this computer's own name is also delivered to the slots here.
 * - What is received is delivered, or counted by the reason why not.
 * - What a slot takes comes from members of the domain, unless it was attached for anyone.
 */
export class Redirector {
  readonly computer: string;
  readonly domains: readonly string[];
  private readonly setups = new Map<string, Domain>();
  private readonly loops = new Map<Domain, Ingress>();
  private readonly windows: WindowStore;
  private readonly ports: Ports;
  private readonly numbering: Numbering;
  private readonly watch: ClockWatch;
  private readonly gate: PolicyGate;
  private readonly incoming: Incoming;
  private readonly routes = new Routes(() => this.wantSoon());
  private readonly room = new Listeners();
  private readonly up = new Listeners();
  private readonly down = new Listeners();
  private readonly renewed = new Listeners();
  private isRunning = false;
  private isToldSoon = false;
  private isClockWrong = false;
  private lastKey: { readonly destination: Destination; readonly key: string } | undefined;

  constructor({ computer, domains, windows, policy, ports }: RedirectorOptions) {
    this.computer = computer;
    this.domains = domains.map(({ name }) => name);
    this.windows = windows;
    this.ports = ports;
    this.numbering = new Numbering(ports.random);
    this.watch = new ClockWatch(ports.clock, (ms) => this.clockJumped(ms));
    this.gate = new PolicyGate(policy, ports.clock);
    const { routes, gate, watch, numbering } = this;
    this.incoming = new Incoming({ computer, routes, gate, watch, numbering });
    for (const setup of domains) this.addDomain(setup);
  }

  /** Who we are to others: 16 hexadecimal digits; others after the clock was set or the computer slept. */
  get instance(): string {
    return this.numbering.instance;
  }

  /** Begins; resolves when every transport is up, or has failed once and will be started again and again. */
  async start(): Promise<void> {
    this.windows.open(this.ports.clock.now(), this.ports.log);
    this.watch.start();
    this.isRunning = true;
    await Promise.all(this.links().map((link) => link.start()));
  }

  async close(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.watch.stop();
    await Promise.all(this.links().map((link) => link.close()));
    this.windows.close();
  }

  /**
   * From now on messages for this path are delivered, if they come from no further away than `scope` says.
   *
   * @throws MailslotError `ERR_MAILSLOT_ALREADY_EXISTS`, unless it is one of mailslot's own services, which several may take. What
   *   no transport vouches for never comes to a service, whatever `remote` says.
   */
  attach(path: string, remote: Exclude<Remote, 'none'>, deliver: Deliver, scope: Scope = 'site'): Attachment {
    return this.routes.attach(path, endOf(path, remote, deliver, scope));
  }

  /** As {@link attach}, beside those that have the path: for what is for all people of this computer. */
  join(path: string, remote: Exclude<Remote, 'none'>, deliver: Deliver, scope: Scope = 'site'): Attachment {
    return this.routes.join(path, endOf(path, remote, deliver, scope));
  }

  /**
   * Where a name leads: `\\*\` to the primary domain; `\\NAME\` to a domain if we are in one of that name, else to
   * the computer NAME, in the domain where it was heard, or in doubt in the primary one. A message goes no further than
   * `scope` says.
   *
   * @throws MailslotError `ERR_MAILSLOT_REMOTE_DISABLED` without a domain, `ERR_MAILSLOT_ACCESS_DENIED` by the policy,
   *   `ERR_MAILSLOT_INVALID_ARGUMENT` for a local name, or another computer within this host; `ERR_MAILSLOT_IO` while
   *   our clock says a time that cannot be
   */
  destinationOf(name: SlotName, scope: Scope = 'site'): Destination {
    const { domain, to } = leadOf(name, [...this.setups.values()], this.ports.clock.monotonic());
    const { path: slot } = name;
    if (scope === 'host' && !this.incoming.isForUs(domain, to)) throw notOnHost(name);
    const now = this.ports.clock.now();
    if (!isService(slot) && !isPossibleTime(now)) throw wrongClock(now);
    const allowed = isService(slot) ? Number.POSITIVE_INFINITY : this.gate.sizeFor(this.passage(to, slot));
    if (allowed === undefined) {
      const shown = formatName(name);
      throw new MailslotError(
        'ERR_MAILSLOT_ACCESS_DENIED',
        `the policy of this computer allows no messages to ${shown}`,
        { remedy: `see the rule with: mailslot policy explain '${this.computer} -> ${shown}'` },
      );
    }
    return {
      domain: domain.name,
      to,
      slot,
      scope,
      messageLimit: Math.min(domain.messageLimitTo(to, slot, this.ports.clock.monotonic()), allowed),
    };
  }

  /**
   * Hands a message to the network, and to the slots here if it is for them too. The bytes may be used again after it.
   * A message that the policy refuses, by its rate or since a change, is taken and counted; and so it is while our clock,
   * since it was set, says a time that cannot be.
   *
   * @returns false: a buffer is full, or the redirector is not running; nothing was taken, see {@link onRoom}
   * @throws MailslotError `ERR_MAILSLOT_MESSAGE_TOO_LARGE` over the destination's `messageLimit`, or what the transports
   *   have shown since not to carry
   */
  send(destination: Destination, data: Uint8Array): boolean {
    const { to, slot, scope, messageLimit } = destination;
    if (data.length > messageLimit) throw tooLarge(destination, data.length);
    const domain = this.setups.get(destination.domain);
    if (!this.isRunning || domain === undefined) return false;
    if (data.length > ALWAYS_CARRIED) this.refuseIfLostNow(domain, destination, data.length);
    const links = domain.linksFor(destination, this.watch.heardAt);
    if (domain.mustWait(destination, links)) return false;
    // Before the numbers: the time may show that from now on this is another instance.
    const now = this.watch.now();
    const refusal = isService(slot) ? undefined : this.refusal(domain, destination, data.length, now);
    if (refusal !== undefined) {
      domain.refused[refusal] += 1;
      return true;
    }
    const stamp = Math.max(0, now);
    const addressee = this.addresseeKey(domain, destination);
    if (this.numbering.isFullFor(addressee)) this.renew();
    const numbers = this.numbering.next(addressee, stamp);
    // Spelled out: a spread costs two microseconds.
    const { identity, sequence } = numbers;
    const datagram: Datagram = { identity, from: this.computer, to, sequence, slot, scope, data };
    const outcome = domain.send(datagram, links);
    if (outcome !== 'sent') this.numbering.takeBack(addressee, numbers);
    if (outcome === 'full') return false;
    const loop = this.loops.get(domain);
    if (loop !== undefined && this.incoming.isForUs(domain, to)) this.incoming.take(loop, datagram, '');
    return true;
  }

  /** Calls back whenever there is room again after {@link send} returned false. Returns how to stop. */
  onRoom(listener: () => void): () => void {
    return this.room.add(listener);
  }

  /** Calls back whenever a transport reaches others, for the first time or again. Returns how to stop. */
  onUp(listener: () => void): () => void {
    return this.up.add(listener);
  }

  /** Calls back whenever a transport reaches nobody any more. Returns how to stop. */
  onDown(listener: () => void): () => void {
    return this.down.add(listener);
  }

  /** Why a message to there would reach nobody now. Undefined: it is handed on, or is for nobody else. */
  hindranceTo({ domain: name, to, scope }: Destination): Hindrance | undefined {
    const domain = this.setups.get(name);
    const isForUsAlone = domain !== undefined && to.kind === 'computer' && this.incoming.isForUs(domain, to);
    return scope === 'host' || isForUsAlone ? undefined : domain?.hindrance({ to, scope });
  }

  /** The names of the transports by which a computer was heard lately, the one that is used first. */
  transportsTo(domain: string, computer: string): string[] {
    return this.setups.get(domain)?.transportsTo(upperCase(computer), this.ports.clock.monotonic()) ?? [];
  }

  /**
   * Whether some domain has no transport that vouches for its senders: then no service is heard there, and nobody can
   * know which computers are.
   */
  get isBlind(): boolean {
    return [...this.setups.values()].some(({ links }) => {
      return links.length > 0 && !links.some(({ transport }) => transport.capabilities.authenticated);
    });
  }

  /** Calls back whenever {@link instance} has changed. Returns how to stop. */
  onRenewed(listener: () => void): () => void {
    return this.renewed.add(listener);
  }

  get policy(): Policy {
    return this.gate.policy;
  }

  /** A new policy holds from the next message on; rates begin anew. */
  set policy(policy: Policy) {
    this.gate.replace(policy);
  }

  statistics(): RedirectorStatistics {
    return statisticsOf([...this.setups.values()], this.ports.clock.monotonic());
  }

  private addDomain({ name, transports }: DomainSetup): void {
    const domain = new Domain(name, this.windows);
    this.setups.set(name, domain);
    this.loops.set(domain, ingressOf(domain, domain.loop));
    for (const [place, transport] of transports.entries()) {
      const counters = new TrafficCounters();
      const ingress = ingressOf(domain, counters, transport, transports.length > 1 ? place : undefined);
      const owner: LinkOwner = {
        received: (datagram, { address }) => this.incoming.receive(ingress, datagram, address),
        together: (receive) => this.incoming.together(receive),
        hasRoom: () => this.room.call(),
        tooLong: () => {
          domain.refused['too-large'] += 1;
        },
        isUp: () => this.up.call(),
        isDown: () => this.down.call(),
        wanted: (reach) => this.routes.paths(reach),
      };
      domain.links.push(new Link(transport, name, counters, owner, this.ports));
    }
  }

  /** Two spellings of one computer's name, or slot's, are numbered together, since they arrive as one. */
  private addresseeKey({ key }: Domain, destination: Destination): string {
    if (this.lastKey?.destination === destination) return this.lastKey.key;
    const { to, slot } = destination;
    const computer = to.kind === 'domain' ? '' : upperCase(to.name);
    this.lastKey = { destination, key: `${key}\\${computer}\\${upperCase(slot)}` };
    return this.lastKey.key;
  }

  private links(): Link[] {
    return [...this.setups.values()].flatMap(({ links }) => links);
  }

  private passage(to: Addressee, slot: string): Passage {
    return { direction: 'out', from: this.computer, to, slot };
  }

  /** How long a message may be can have changed since its name was opened. Before the numbers, which others would miss. */
  private refuseIfLostNow(domain: Domain, destination: Destination, size: number): void {
    const messageLimit = domain.messageLimitTo(
      destination.to,
      destination.slot,
      this.ports.clock.monotonic(),
    );
    if (size > messageLimit) throw tooLarge({ ...destination, messageLimit }, size);
  }

  /** Why a message to a slot that is no service does not leave. */
  private refusal(
    { name }: Domain,
    { to, slot }: Destination,
    size: number,
    now: number,
  ): Refused | undefined {
    const isClockWrong = !isPossibleTime(now);
    if (isClockWrong && !this.isClockWrong) this.ports.log.warn(wrongClock(now).message);
    this.isClockWrong = isClockWrong;
    if (isClockWrong) return 'clock';
    const payer = { domain: name, from: this.computer, address: undefined };
    return this.gate.refusal(this.passage(to, slot), size, payer);
  }

  /** Once for all slots that come and go in one turn. */
  private wantSoon(): void {
    if (this.isToldSoon) return;
    this.isToldSoon = true;
    queueMicrotask(() => {
      this.isToldSoon = false;
      for (const link of this.links()) link.wantAll();
    });
  }

  private clockJumped(ms: number): void {
    if (ms < 0) this.windows.setBack(-ms);
    // After a mere stop it says what it said before.
    if (Math.abs(ms) > CLOCK_JUMP_MS)
      for (const { otherClocks } of this.setups.values()) otherClocks.forget();
    this.renew();
  }

  private renew(): void {
    this.numbering.renew();
    this.renewed.call();
  }
}

/** A service takes nothing that no transport vouches for. */
function endOf(path: string, remote: Exclude<Remote, 'none'>, deliver: Deliver, scope: Scope): RouteEnd {
  return { isForAnyone: remote === 'anyone' && !isService(path), scope, deliver };
}

function notOnHost(name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_INVALID_ARGUMENT',
    `${formatName(name)} is on another computer, and a message with the scope "host" stays on this one`,
    { remedy: 'give it the scope "lan" or "site"' },
  );
}
