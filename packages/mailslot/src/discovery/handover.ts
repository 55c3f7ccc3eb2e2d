import {
  CROWD,
  CROWD_PAUSE_MS,
  GATHER_MS,
  MAX_HANDOVERS,
  ROSTER_PACE_MS,
  ROSTER_PART_BYTES,
  ROSTER_RETRY_MS,
  ROSTER_SHORT_PART_BYTES,
  ROSTER_TRIES,
} from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import { isChosen, NOBODY } from './choice.js';
import type { Roster } from './roster.js';
import { encodeRoster } from './roster-part.js';

/** Whom a roster is for: all, or the computer of that name. */
export type Audience = 'all' | { readonly computer: string };

export interface HandoverOptions {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly messageLimit: number;
  /** This instance. */
  readonly own: () => string;
  /** False: there was no room. */
  readonly send: (to: Audience, data: Uint8Array) => boolean;
}

interface Job {
  readonly to: Audience;
  readonly parts: Uint8Array[];
  tries: number;
}

/**
 * Hands the roster to those who ask for it, if it is for this instance to do so. Requests are gathered for a moment:
 * some newcomers get one each; when a whole LAN starts, one roster goes to all.
 */
export class Handover {
  private readonly options: HandoverOptions;
  private readonly asking = new Map<string, { readonly computer: string; readonly attempt: number }>();
  private readonly jobs: Job[] = [];
  private gathering: Alarm | undefined;
  private sending: Alarm | undefined;
  private lastForAll = Number.NEGATIVE_INFINITY;

  constructor(options: HandoverOptions) {
    this.options = options;
  }

  /** A newcomer asks for the `attempt`th time. */
  asked(instance: string, computer: string, attempt: number): void {
    // More than a crowd is a crowd.
    if (this.asking.size <= CROWD) this.asking.set(instance, { computer, attempt });
    this.gathering ??= this.options.clock.afterIdle(GATHER_MS, () => this.decide());
  }

  /** Another member gave its roster to all. */
  wasGivenToAll(): void {
    this.lastForAll = this.options.clock.monotonic();
  }

  close(): void {
    this.gathering?.cancel();
    this.sending?.cancel();
    this.jobs.length = 0;
  }

  private decide(): void {
    this.gathering = undefined;
    const newcomers = [...this.asking];
    this.asking.clear();
    if (newcomers.length > CROWD) {
      this.giveToAll(Math.max(...newcomers.map(([, { attempt }]) => attempt)));
      return;
    }
    for (const [instance, { computer, attempt }] of newcomers) {
      if (this.isForUs(instance, attempt)) this.give({ computer }, attempt);
    }
  }

  private giveToAll(attempt: number): void {
    const now = this.options.clock.monotonic();
    if (now - this.lastForAll < CROWD_PAUSE_MS || !this.isForUs(NOBODY, attempt)) return;
    this.lastForAll = now;
    this.give('all', attempt);
  }

  private isForUs(newcomer: string, attempt: number): boolean {
    const { own, roster, clock } = this.options;
    return isChosen(own(), newcomer, attempt, roster.peers(), clock.monotonic());
  }

  /** Who asks once more may not have got what was long. */
  private give(to: Audience, attempt: number): void {
    if (this.jobs.length >= MAX_HANDOVERS) return;
    const { roster, clock, messageLimit } = this.options;
    const limit = Math.min(ROSTER_PART_BYTES, messageLimit);
    const partBytes = attempt > 1 ? ROSTER_SHORT_PART_BYTES : limit;
    const parts = encodeRoster(roster.entries(clock.monotonic()), to === 'all', limit, partBytes);
    this.jobs.push({ to, parts, tries: 0 });
    if (this.sending === undefined) this.pump();
  }

  /** One part at a time: a roster must not fill the buffers of those who receive it. */
  private pump(): void {
    this.sending = undefined;
    const [job] = this.jobs;
    if (job === undefined) return;
    const [part] = job.parts;
    const isTaken = part === undefined || this.options.send(job.to, part);
    if (isTaken) job.parts.shift();
    else job.tries += 1;
    if (job.parts.length === 0 || job.tries >= ROSTER_TRIES) this.jobs.shift();
    const pause = isTaken ? ROSTER_PACE_MS : ROSTER_RETRY_MS;
    this.sending = this.options.clock.afterIdle(pause, () => this.pump());
  }
}
