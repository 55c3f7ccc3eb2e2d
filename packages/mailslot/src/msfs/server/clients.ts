import { HELLO_MS } from '../../limits.js';
import type { Alarm, Clock } from '../../ports/clock.js';

/** How much a client has shown of what it came for. */
export const SHOWN = { nothing: 0, hello: 1, use: 2, waits: 3 } as const;

/** Why a client is turned away. */
export type Reason = 'no hello' | 'too many' | 'no descriptors';

export interface Client {
  /** One of {@link SHOWN}. */
  readonly shown: number;
  /** When it was heard last, by a count of what was heard of all. */
  readonly heard: number;
  turnAway(reason: Reason): void;
}

/** A look at those who have not said hello, once a second. */
const LOOK_MS = 1_000;
const LOOKS = HELLO_MS / LOOK_MS;

/** The clients of each slot of this process that has any: all share its descriptors. */
const crowds = new Set<Clients<Client>>();

/** How many clients all slots may have together: not known before descriptors have run short. */
let room = Number.POSITIVE_INFINITY;

/**
 * The process has hardly any descriptors left: from now on somebody goes when one more client comes. Else the system
 * would turn away whoever comes, for those who came first and do nothing.
 */
export function descriptorsRunShort(): void {
  room = Math.max(1, connected());
}

function connected(): number {
  let sum = 0;
  for (const { size } of crowds) sum += size;
  // There is room again: what took the descriptors may have been something else.
  if (sum < room / 2) room = Number.POSITIVE_INFINITY;
  return sum;
}

/** Of the slot that has most clients one goes. */
function turnAwayOneOfMost(): void {
  let largest: Clients<Client> | undefined;
  for (const crowd of crowds) if (crowd.size > (largest?.size ?? 0)) largest = crowd;
  largest?.turnAwayOne('no descriptors');
}

/**
 * Clients that are connected: as many as there may be. When one more comes, the one goes that has shown least: first who
 * has not said hello, then who has done nothing since, then who has been silent; last who waits for room. Of those who
 * have shown as much as each other, the one that was heard longest ago.
 *
 * Who does not say hello in time goes as well. Looks are counted, not time, as everywhere: a server that was busy
 * elsewhere first reads what has come.
 */
export class Clients<T extends Client> {
  private readonly all = new Set<T>();
  private readonly strangers = new Map<T, number>();
  private readonly clock: Clock;
  private readonly most: number;
  private alarm: Alarm | undefined;

  constructor(clock: Clock, most: number) {
    this.clock = clock;
    this.most = most;
  }

  admit(client: T): void {
    if (this.all.size >= this.most) this.turnAwayOne('too many');
    else if (room < Number.POSITIVE_INFINITY && connected() >= room) turnAwayOneOfMost();
    this.all.add(client);
    crowds.add(this);
    this.strangers.set(client, 0);
    this.lookLater();
  }

  /** It said hello. */
  greeted(client: T): void {
    this.strangers.delete(client);
  }

  leave(client: T): void {
    this.all.delete(client);
    this.strangers.delete(client);
    if (this.all.size === 0) crowds.delete(this);
  }

  get size(): number {
    return this.all.size;
  }

  turnAwayOne(reason: Reason): void {
    leastShown(this.all)?.turnAway(reason);
  }

  private lookLater(): void {
    this.alarm ??= this.clock.afterIdle(LOOK_MS, () => {
      this.alarm = undefined;
      for (const [client, looks] of this.strangers) {
        if (looks < LOOKS) this.strangers.set(client, looks + 1);
        else client.turnAway('no hello');
      }
      if (this.strangers.size > 0) this.lookLater();
    });
  }
}

/** Who goes first when there are too many. */
function leastShown<T extends Client>(clients: Iterable<T>): T | undefined {
  let least: T | undefined;
  for (const client of clients) {
    if (least === undefined || isBefore(client, least)) least = client;
  }
  return least;
}

function isBefore(one: Client, other: Client): boolean {
  return one.shown === other.shown ? one.heard < other.heard : one.shown < other.shown;
}
