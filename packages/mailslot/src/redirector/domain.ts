import { WINDOW_STALE_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import { noRefusals, type Refused, TrafficCounters } from './counters.js';
import type { Link } from './link.js';
import type { DomainWindows, Window, WindowStore } from './windows.js';

/** A domain that this computer is in. */
export class Domain {
  readonly name: string;
  /** Its name as names are compared. */
  readonly key: string;
  /** Of what comes from members. */
  readonly windows: DomainWindows;
  /** Of what comes from anybody, who must not be able to spoil those of members. */
  readonly openWindows: DomainWindows;
  readonly links: Link[] = [];
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
    // No domain's name has a NUL.
    this.openWindows = store.ofDomain(`${name}\0`);
  }

  /** The longest message that all its transports carry: one that only some computers could get is refused. */
  get messageLimit(): number {
    return this.links.reduce(
      (limit, { transport }) => Math.min(limit, transport.capabilities.maxMessageSize),
      Infinity,
    );
  }

  /** Whether a message would have to wait. */
  get isBusy(): boolean {
    return this.links.some((link) => link.isUp && link.isBusy);
  }

  /** Hands a message to every transport that can carry it. False: none has taken it, and there is no room. */
  send(datagram: Datagram): boolean {
    let hasSent = false;
    for (const link of this.links) {
      if (!carries(link, datagram.to)) continue;
      if (hasSent) link.sendOrHold(datagram);
      else if (!link.send(datagram)) return false;
      hasSent = true;
    }
    if (!hasSent) this.refused['no-transport'] += 1;
    this.sent += 1;
    return true;
  }

  /** Counts what got lost before this message. */
  noteSequence(window: Window, { to, sequence }: Datagram): void {
    this.gaps += (to.kind === 'domain' ? window.toDomain : window.toComputer).note(sequence);
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

function carries(link: Link, to: Addressee): boolean {
  return link.isUp && (to.kind === 'computer' || link.transport.capabilities.broadcast);
}
