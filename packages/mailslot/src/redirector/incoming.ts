import { MAX_CLOCK_SKEW_MS } from '../limits.js';
import { isWithin, type Scope } from '../name/scope.js';
import { isService } from '../name/services.js';
import { upperCase } from '../name/upper-case.js';
import { isPossibleTime } from '../ports/wrong-clock.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import type { Transport } from '../transport/transport.js';
import type { ClockWatch } from './clock-watch.js';
import type { TrafficCounters } from './counters.js';
import type { Domain } from './domain.js';
import type { Numbering } from './numbering.js';
import type { PolicyGate } from './policy-gate.js';
import type { RedirectorDrop, RemoteSender } from './remote.js';
import type { Route, Routes } from './routes.js';
import type { DomainWindows, Window } from './windows.js';

/** A way by which messages come to this computer: a transport of a domain, or from here to here. */
export interface Ingress {
  /** The transport's name, or `loop`. */
  readonly via: string;
  readonly isAuthenticated: boolean;
  /** Whether the bytes of a message are the sender's, who may use them again. */
  readonly isLent: boolean;
  readonly reach: Scope;
  /** Its place among the domain's transports; `undefined`: there is no choice. */
  readonly place: number | undefined;
  readonly domain: Domain;
  /** Of all ways that are authenticated as this one is, and of those that are not. */
  readonly windows: DomainWindows;
  readonly otherWindows: DomainWindows;
  readonly counters: TrafficCounters;
}

/** How messages come that a transport brings, or that never leave this computer. */
export function ingressOf(
  domain: Domain,
  counters: TrafficCounters,
  transport?: Transport,
  place?: number,
): Ingress {
  const isAuthenticated = transport?.capabilities.authenticated ?? true;
  return {
    via: transport?.name ?? 'loop',
    isAuthenticated,
    isLent: transport === undefined,
    reach: transport?.capabilities.reach ?? 'host',
    place,
    domain,
    windows: isAuthenticated ? domain.windows : domain.openWindows,
    otherWindows: isAuthenticated ? domain.openWindows : domain.windows,
    counters,
  };
}

/** What decisions about a message need. */
export interface IncomingParts {
  readonly computer: string;
  readonly routes: Routes;
  readonly gate: PolicyGate;
  readonly watch: ClockWatch;
  readonly numbering: Numbering;
}

/** A message that may be delivered as soon as it is known for good that it was received. */
interface Accepted {
  readonly route: Route;
  readonly ingress: Ingress;
  readonly datagram: Datagram;
  readonly address: string;
}

/** Decides about what comes: each message for us is delivered, or counted by the reason why not. */
export class Incoming {
  private readonly parts: IncomingParts;
  private readonly key: string;
  /** What came in one piece, and the windows it was noted in. */
  private piece: { readonly accepted: Accepted[]; readonly windows: Map<Window, Ingress> } | undefined;
  private sender: RemoteSender | undefined;

  constructor(parts: IncomingParts) {
    this.parts = parts;
    this.key = upperCase(parts.computer);
  }

  /** From a transport, which hands out our own messages too, and those for others. */
  receive(ingress: Ingress, datagram: Datagram, address: string): void {
    const { instance } = datagram.identity;
    if (instance === this.parts.numbering.instance) return;
    if (ingress.place !== undefined && ingress.isAuthenticated) {
      ingress.domain.linksHeard.note(ingress.place, instance, datagram.from, this.parts.watch.heardAt);
    }
    if (this.isForUs(ingress.domain, datagram.to)) this.take(ingress, datagram, address);
  }

  /** Deals with all that comes within `receive` at once: each window is written once for all of it. */
  together(receive: () => void): void {
    const piece = { accepted: [], windows: new Map() };
    this.piece = piece;
    try {
      receive();
    } finally {
      this.piece = undefined;
      this.deliverPiece(piece);
    }
  }

  isForUs({ name, key }: Domain, to: Addressee): boolean {
    if (to.kind === 'domain') return to.name === name || upperCase(to.name) === key;
    return to.name === this.parts.computer || upperCase(to.name) === this.key;
  }

  /** Delivers or counts. */
  take(ingress: Ingress, datagram: Datagram, address: string): void {
    const reason = this.dropOrDeliver(ingress, datagram, address);
    if (reason !== 'later') count(ingress.counters, reason);
  }

  private dropOrDeliver(
    ingress: Ingress,
    datagram: Datagram,
    address: string,
  ): RedirectorDrop | 'later' | undefined {
    const { identity, slot, from, to, data } = datagram;
    const { routes, gate, watch } = this.parts;
    // What is lent was stamped in this very turn.
    const aheadMs = ingress.isLent ? 0 : identity.stamp - watch.now();
    if (Math.abs(aheadMs) > MAX_CLOCK_SKEW_MS) {
      if (watch.stoodStillAt(identity.stamp)) return 'standstill';
      // By a clock of ours that says what cannot be nobody else's is shown to be wrong.
      if (isPossibleTime(watch.now())) ingress.domain.otherClocks.note(from, address, aheadMs);
      return 'clock';
    }
    const window = ingress.windows.note(identity, watch.heardAt, ingress.isLent ? '' : from);
    if (typeof window === 'string') return window;
    const route = routes.find(slot);
    if (route === undefined) return 'no-slot';
    if (!ingress.isLent) ingress.domain.noteSequence(window, route, datagram);
    if (!ingress.isAuthenticated && !route.isForAnyone) return 'not-allowed';
    if (!isWithin(ingress.reach, datagram.scope) || !isWithin(ingress.reach, route.scope)) return 'scope';
    // What anybody sent counts only where anybody may send: else a forgery could keep a member's message away.
    if (route.isForAnyone && ingress.otherWindows.has(identity)) return 'duplicate';
    if (!isService(slot)) {
      const payer = {
        domain: ingress.domain.name,
        from,
        address: ingress.isAuthenticated ? undefined : address,
      };
      const refusal = gate.refusal({ direction: 'in', from, to, slot }, data.length, payer);
      if (refusal !== undefined) return refusal;
    }
    const accepted = { route, ingress, datagram, address };
    if (this.piece) {
      this.piece.windows.set(window, ingress);
      this.piece.accepted.push(accepted);
      return 'later';
    }
    // Before the delivery: whoever comes after us, killed in between, must not deliver it again.
    ingress.windows.keep(window);
    return this.deliver(accepted);
  }

  private deliverPiece({ accepted, windows }: { accepted: Accepted[]; windows: Map<Window, Ingress> }): void {
    for (const [window, ingress] of windows) ingress.windows.keep(window);
    for (const each of accepted) count(each.ingress.counters, this.deliver(each));
  }

  /** Hands a message to each end of its route that may have it. */
  private deliver({ route, ingress, datagram, address }: Accepted): RedirectorDrop | undefined {
    const { from, data } = datagram;
    const sender = this.senderOf(ingress, from);
    return handOut(
      route,
      ingress,
      datagram,
      address,
      sender,
      ingress.isLent ? Buffer.from(data) : asBuffer(data),
    )
      ? undefined
      : 'queue-full';
  }

  /** The same object for messages of one sender that follow each other, so that slots need not be told each time. */
  private senderOf({ via, isAuthenticated: authenticated, domain }: Ingress, computer: string): RemoteSender {
    const { sender } = this;
    const isSame =
      sender?.computer === computer &&
      sender.via === via &&
      sender.domain === domain.name &&
      sender.authenticated === authenticated;
    if (isSame) return sender;
    this.sender = Object.freeze({ via, authenticated, pid: 0, computer, domain: domain.name });
    return this.sender;
  }
}

function count(counters: TrafficCounters, reason: RedirectorDrop | undefined): void {
  if (reason !== undefined) {
    counters.drop(reason);
    return;
  }
  counters.received += 1;
  counters.delivered += 1;
}

/** Whether one end has taken it. */
function handOut(
  { ends }: Route,
  ingress: Ingress,
  { identity }: Datagram,
  address: string,
  sender: RemoteSender,
  bytes: Buffer,
): boolean {
  const authenticated = ingress.isAuthenticated;
  const details = { instance: identity.instance, stamp: identity.stamp, address };
  let isTaken = false;
  for (const end of ends) {
    if ((authenticated || end.isForAnyone) && end.deliver(bytes, sender, details)) isTaken = true;
  }
  return isTaken;
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.length);
}
