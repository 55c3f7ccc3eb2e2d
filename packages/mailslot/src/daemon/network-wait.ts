import type { MailslotError } from '../errors.js';
import { NETWORK_BACK_MS } from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Destination, Redirector } from '../redirector/redirector.js';
import { noComputer, outOfReach } from './within-reach.js';

/** What is known of other computers. */
export interface Presence {
  /** Whether a computer was there, and is not any more. */
  isGone(computer: string): boolean;
  /** Calls back when something has happened to a computer of that name. Returns how to stop. */
  onChange(computer: string, listener: () => void): () => void;
}

/** Nobody tells. */
const UNKNOWN: Presence = { isGone: () => false, onChange: () => () => {} };

/** Who is told. */
interface WaitOwner {
  /** Nothing that is sent there reaches anybody any more. */
  began(): void;
  /** It does again. */
  ended(): void;
  /** It has not for {@link NETWORK_BACK_MS}. */
  gaveUp(why: MailslotError): void;
}

/** Follows whether messages to a destination would reach anybody, and whether its computer is there. */
export class NetworkWait {
  private readonly clock: Clock;
  private readonly owner: WaitOwner;
  private alarm: Alarm | undefined;
  private stopListening: () => void = () => {};

  constructor(clock: Clock, owner: WaitOwner) {
    this.clock = clock;
    this.owner = owner;
  }

  get isWaiting(): boolean {
    return this.alarm !== undefined;
  }

  /** From now on by this redirector. */
  follow(redirector: Redirector, destination: Destination, presence: Presence = UNKNOWN): void {
    this.stopListening();
    const { to } = destination;
    const why = (): MailslotError | undefined => {
      const hindrance = redirector.hindranceTo(destination);
      if (hindrance !== undefined) return outOfReach(destination, hindrance);
      const isGone = to.kind === 'computer' && presence.isGone(to.name);
      return isGone ? noComputer(to.name, destination.domain) : undefined;
    };
    const look = (): void => {
      const reason = why();
      if (reason === undefined) this.end();
      else this.alarm ??= this.begin(() => why() ?? reason);
    };
    const stops = [redirector.onUp(look), redirector.onDown(look)];
    if (to.kind === 'computer') stops.push(presence.onChange(to.name, look));
    this.stopListening = () => {
      for (const stop of stops) stop();
    };
    look();
  }

  stop(): void {
    this.stopListening();
    this.alarm?.cancel();
    this.alarm = undefined;
  }

  private begin(why: () => MailslotError): Alarm {
    this.owner.began();
    return this.clock.after(NETWORK_BACK_MS, () => {
      this.stop();
      this.owner.gaveUp(why());
    });
  }

  private end(): void {
    if (this.alarm === undefined) return;
    this.alarm.cancel();
    this.alarm = undefined;
    this.owner.ended();
  }
}
