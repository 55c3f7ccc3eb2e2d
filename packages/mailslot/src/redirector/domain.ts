import { WINDOW_STALE_MS } from '../limits.js';
import { isWithin } from '../name/scope.js';
import { isService } from '../name/services.js';
import { upperCase } from '../name/upper-case.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import { noRefusals, type Refused, TrafficCounters } from './counters.js';
import type { Link } from './link.js';
import { LinksHeard } from './links-heard.js';
import { OtherClocks } from './other-clocks.js';
import type { Route } from './routes.js';
import type { DomainWindows, Window, WindowStore } from './windows.js';

/** Why a message reaches no other computer now. */
export interface Hindrance {
  /** With what to do. */
  readonly text: string;
  /** Whether a transport is on its way up, or up again. */
  readonly mayPass: boolean;
}

/** A domain that this computer is in. */
export class Domain {
  readonly name: string;
  /** Its name as names are compared. */
  readonly key: string;
  /** Of what comes from members. */
  readonly windows: DomainWindows;
  /** Of what comes from anybody, who must not be able to spoil those of members. */
  readonly openWindows: DomainWindows;
  /** The best first. */
  readonly links: Link[] = [];
  readonly linksHeard: LinksHeard = new LinksHeard();
  readonly otherClocks: OtherClocks = new OtherClocks();
  /** What was delivered here without a transport. */
  readonly loop: TrafficCounters = new TrafficCounters();
  readonly refused: Record<Refused, number> = noRefusals();
  sent = 0;
  /** Messages that the network lost. */
  gaps = 0;

  constructor(name: string, store: WindowStore) {
    this.name = name;
    this.key = upperCase(name);
    this.windows = store.ofDomain(name);
    this.openWindows = store.ofAnybody(name);
  }

  /**
   * The longest message to this addressee: no longer than all its transports carry, since one that only some computers
   * could get is refused; and no longer than may arrive, by one of the transports by which it was heard, at every instance
   * it is for. For one that was not heard, by one of all transports.
   */
  messageLimitTo(to: Addressee, slot: string, now: number): number {
    if (this.links.length === 0) return Number.POSITIVE_INFINITY;
    const carried = Math.min(...this.links.map(({ transport }) => transport.capabilities.maxMessageSize));
    const limits = this.links.map((link) => limitOf(link, to, slot));
    if (limits.every((limit) => limit >= carried)) return carried;
    const computer = to.kind === 'domain' ? undefined : upperCase(to.name);
    let least = Number.POSITIVE_INFINITY;
    for (const links of this.linksHeard.ofEach(computer, now))
      least = Math.min(least, Math.max(...links.map((link) => limits[link] ?? 0)));
    return Math.min(carried, least === Number.POSITIVE_INFINITY ? Math.max(...limits) : least);
  }

  /**
   * All links, but for one computer that was heard by several: those by which its instances are reached best. To be heard
   * by one is not to be reached by it: where its transport can tell, and does not know it to arrive, all are taken.
   */
  linksFor({ to, scope }: Pick<Datagram, 'to' | 'scope'>, now: number): readonly Link[] {
    if (to.kind === 'domain' || this.links.length < 2) return this.links;
    const links = this.linksHeard.to(upperCase(to.name), now);
    const best = this.links.filter((_, link) => links.has(link));
    const isEnough =
      best.length > 0 && best.every((link) => carries(link, { to, scope }) && arrivesBy(link, to));
    return isEnough ? best : this.links;
  }

  /** Whether such a message has to wait: a transport that would carry it is full, or all of them have been for long. */
  mustWait(message: Pick<Datagram, 'to' | 'scope'>, links: readonly Link[]): boolean {
    let [carrying, stalled] = [0, 0];
    for (const link of links) {
      if (!carries(link, message)) continue;
      if (link.isBusy) return true;
      carrying += 1;
      if (link.isStalled) stalled += 1;
    }
    return carrying > 0 && stalled === carrying;
  }

  /**
   * Hands a message to all of {@link linksFor} it that can carry it. `full`: none has taken it, and there is no room;
   * `nowhere`: none could, so that nobody may miss its number.
   */
  send(datagram: Datagram, links: readonly Link[]): 'sent' | 'nowhere' | 'full' {
    let hasSent = false;
    for (const link of this.arriving(datagram, links)) {
      if (!carries(link, datagram)) continue;
      if (link.isStalled) {
        this.refused.stalled += 1;
        continue;
      }
      if (hasSent) link.sendOrHold(datagram);
      else if (!link.send(datagram)) return 'full';
      hasSent = true;
    }
    this.sent += 1;
    if (hasSent) return 'sent';
    if (datagram.scope !== 'host') this.refused['no-transport'] += 1;
    return 'nowhere';
  }

  /** Undefined: some transport would hand such a message on, or nobody but this computer is within its scope. */
  hindrance({ to, scope }: Pick<Datagram, 'to' | 'scope'>): Hindrance | undefined {
    const within = this.links.filter(({ transport }) => isWithin(transport.capabilities.reach, scope));
    const hindrances = within.map(({ hindrance }) => hindrance);
    if (hindrances.includes(undefined)) return undefined;
    if (this.links.length === 0) return { text: NO_TRANSPORT, mayPass: false };
    // To the domain it goes as far as was asked for: no further than here.
    if (within.length === 0)
      return to.kind === 'domain' ? undefined : { text: `none goes as near as "${scope}"`, mayPass: false };
    const text = within.map(({ transport }, at) => `${transport.name}: ${hindrances[at]}`).join('; ');
    return { text, mayPass: within.some(({ isUp }) => !isUp) };
  }

  /**
   * The links by which a message is not known to be lost on the way, whichever is best; if it is by all, they say so. What
   * is not known to arrive by any of the best goes by all of them: it is delivered once.
   */
  private arriving(datagram: Datagram, links: readonly Link[]): readonly Link[] {
    const { to, slot, data } = datagram;
    if (this.links.length < 2) return links;
    const arrives = (link: Link): boolean => data.length <= limitOf(link, to, slot);
    const isProven = ({ transport }: Link): boolean =>
      data.length <= (transport.provenTo?.(to, slot) ?? transport.capabilities.maxMessageSize);
    if (links.every((link) => arrives(link) && isProven(link))) return links;
    const others = this.links.filter((link) => arrives(link) && carries(link, datagram));
    return others.length > 0 ? others : links;
  }

  /** The names of the transports by which a computer, by its key, was heard lately; the one that is used first. */
  transportsTo(computer: string, now: number): string[] {
    return this.linksHeard.all(computer, now).flatMap((link) => this.links[link]?.transport.name ?? []);
  }

  /** Counts what got lost before this message. */
  noteSequence(window: Window, route: Route, { to, slot, sequence, identity }: Datagram): void {
    // What the services say is said again: nobody misses one of it.
    if (isService(slot)) return;
    this.gaps += window.gaps.of(route)[to.kind].note(sequence, identity.counter);
  }

  /** Instances heard lately, by the clock that never jumps. */
  *peers(now: number): Generator<Window> {
    for (const windows of [this.windows, this.openWindows]) {
      for (const window of windows) {
        if (window.computer !== '' && now - window.heardAt <= WINDOW_STALE_MS) yield window;
      }
    }
  }

  /** Whether a computer of that name, in upper case, was heard lately. */
  knows(computer: string, now: number): boolean {
    for (const peer of this.peers(now)) if (upperCase(peer.computer) === computer) return true;
    return false;
  }
}

const NO_TRANSPORT = 'it has no transport here: "mailslot doctor" says which are configured';

function carries({ isUp, transport }: Link, { to, scope }: Pick<Datagram, 'to' | 'scope'>): boolean {
  const { broadcast, reach } = transport.capabilities;
  return isUp && (to.kind === 'computer' || broadcast) && isWithin(reach, scope);
}

function arrivesBy({ transport }: Link, to: Addressee): boolean {
  return transport.reaches?.(to) ?? true;
}

function limitOf({ transport }: Link, to: Addressee, slot: string): number {
  return transport.limitTo?.(to, slot) ?? transport.capabilities.maxMessageSize;
}
