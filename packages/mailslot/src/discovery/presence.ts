import {
  OPENING_JITTER_MS,
  OPENING_PAUSE_MS,
  OPENINGS,
  QUIET_MS,
  ROSTER_RETRY_MS,
  STOOD_STILL_MS,
} from '../limits.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Destination } from '../redirector/destination.js';
import { type Announcement, decode, encodeAnnouncement, encodeGoodbye } from './announcement.js';
import type { Carrier } from './carrier.js';
import { HandedRoster } from './handed-roster.js';
import { type Audience, Handover } from './handover.js';
import type { Roster, Source } from './roster.js';
import type { RosterPart } from './roster-part.js';
import { ageCheckInterval, announceInterval, fraction, jitter } from './schedule.js';

export interface PresenceOptions {
  readonly carrier: Carrier;
  /** `$browse` of all computers of the domain. */
  readonly everybody: Destination;
  readonly roster: Roster;
  readonly machine: string;
  readonly offers: readonly string[];
  readonly ports: Ports;
}

/**
 * This instance in one domain: it opens with a few announcements that ask for the roster, goes on with one each
 * interval, hears those of others, and says goodbye.
 */
export class Presence {
  private readonly options: PresenceOptions;
  private readonly handover: Handover;
  private readonly incoming = new HandedRoster();
  private readonly startedAt: number;
  private instance: string;
  private formerly: string | undefined;
  /** Which of its first announcements is next; 0: they are over. */
  private opening = 0;
  /** Whether an announcement found no room. */
  private isOverdue = false;
  private heardAt: number;
  private next: Alarm | undefined;
  private ageing: Alarm | undefined;

  constructor(options: PresenceOptions) {
    this.options = options;
    const { carrier, everybody, roster, ports } = options;
    this.instance = carrier.instance;
    this.startedAt = ports.clock.monotonic();
    this.heardAt = this.startedAt;
    this.handover = new Handover({
      roster,
      clock: ports.clock,
      messageLimit: everybody.messageLimit,
      own: () => this.instance,
      send: (to, data) => this.send(to, data),
    });
  }

  start(): void {
    this.open();
    this.watchAges();
  }

  /** The redirector is a new instance: time jumped, and who knows what was missed. */
  renewed(): void {
    this.formerly = this.instance;
    this.instance = this.options.carrier.instance;
    this.open();
  }

  /**
   * A network is there again, or for the first time: who is on it has to know. All that lost it together come back
   * together, so each takes its time as with any announcement.
   */
  cameUp(): void {
    this.incoming.begin();
    this.opening = 1;
    this.announceAfter(
      announceInterval(this.options.roster.population(this.now)) * fraction(this.options.ports.random),
    );
  }

  /** The network takes messages again. */
  hasRoom(): void {
    if (this.isOverdue) this.announce();
  }

  /** A message of `$browse` that another instance sent. Throws MailslotError if it is malformed. */
  received(data: Uint8Array, source: Source): void {
    const message = decode(data);
    if (message === undefined || source.instance === this.instance) return;
    const now = this.now;
    const wasQuiet = now - this.heardAt > QUIET_MS;
    this.heardAt = now;
    if (message.kind === 'announcement') this.announced(message, source, now);
    else if (message.kind === 'goodbye') this.options.roster.left(source.instance, now);
    else this.handed(message, source, now);
    // Whoever hears nobody for so long has missed much, and was missed.
    if (wasQuiet && this.opening === 0) this.open();
  }

  close(): void {
    this.next?.cancel();
    this.ageing?.cancel();
    this.handover.close();
    this.send('all', encodeGoodbye());
  }

  private get now(): number {
    return this.options.ports.clock.monotonic();
  }

  private announced(message: Announcement, source: Source, now: number): void {
    const { roster } = this.options;
    roster.announced(source, message.facts, message.asks > 0, now);
    if (message.formerly !== undefined) roster.replaced(message.formerly, source.instance, now);
    if (message.asks > 0) this.handover.asked(source.instance, source.computer, message.asks);
  }

  private handed({ isForAll, part, parts, entries }: RosterPart, source: Source, now: number): void {
    if (isForAll) this.handover.wasGivenToAll();
    if (this.opening > 0) this.incoming.take(source.instance, part, parts, now);
    for (const entry of entries) {
      if (entry.instance === this.instance) continue;
      const address = entry.instance === source.instance ? source.address : entry.address;
      this.options.roster.told({ ...entry, address }, source.via, now);
    }
  }

  private open(): void {
    this.incoming.begin();
    this.opening = 1;
    this.announceAfter(OPENING_JITTER_MS * fraction(this.options.ports.random));
  }

  private announceAfter(ms: number): void {
    this.next?.cancel();
    this.next = this.options.ports.clock.afterIdle(ms, () => this.announce());
  }

  private announce(): void {
    const { roster, ports, carrier, machine, offers } = this.options;
    const now = this.now;
    const intervalMs = announceInterval(roster.population(now));
    const runningSeconds = Math.floor((now - this.startedAt) / 1000);
    const facts = { intervalMs, runningSeconds, machine, offers };
    const asks = this.opening > 0 && this.incoming.isWanted(now) ? this.opening : 0;
    const own = { instance: this.instance, computer: carrier.computer, via: 'loop', address: '' };
    roster.announced(own, facts, asks > 0, now);
    if (this.formerly !== undefined) roster.replaced(this.formerly, this.instance, now);

    const announcement: Announcement = { kind: 'announcement', asks, formerly: this.formerly, facts };
    this.isOverdue = !this.send('all', encodeAnnouncement(announcement));
    if (this.isOverdue) {
      this.announceAfter(ROSTER_RETRY_MS);
    } else if (this.opening > 0 && this.opening < OPENINGS) {
      this.opening += 1;
      this.announceAfter(OPENING_PAUSE_MS + OPENING_JITTER_MS * fraction(ports.random));
    } else {
      // Those that started together go on at any time within their first interval: not in step, and not in bursts.
      const wasOpening = this.opening > 0;
      this.opening = 0;
      const part = wasOpening ? fraction(ports.random) : jitter(ports.random);
      this.announceAfter(part * intervalMs);
    }
  }

  private watchAges(): void {
    const { roster, ports } = this.options;
    const pause = ageCheckInterval(roster.population(this.now));
    const dueAt = this.now + pause;
    this.ageing = ports.clock.afterIdle(pause, () => {
      const late = this.now - dueAt;
      if (late > STOOD_STILL_MS) roster.excuse(late);
      roster.age(this.now);
      this.watchAges();
    });
  }

  private send(to: Audience, data: Uint8Array): boolean {
    const { carrier, everybody } = this.options;
    const destination: Destination =
      to === 'all' ? everybody : { ...everybody, to: { kind: 'computer', name: to.computer } };
    return carrier.send(destination, data);
  }
}
