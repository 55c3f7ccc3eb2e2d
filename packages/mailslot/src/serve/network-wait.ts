import { NETWORK_BACK_MS } from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Destination, Hindrance, Redirector } from '../redirector/redirector.js';

/** Who is told. */
interface WaitOwner {
  /** Nothing that is sent there reaches anybody any more. */
  began(): void;
  /** It does again. */
  ended(): void;
  /** It has not for {@link NETWORK_BACK_MS}. */
  gaveUp(hindrance: Hindrance): void;
}

/** Follows whether messages to a destination would reach anybody. */
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
  follow(redirector: Redirector, destination: Destination): void {
    this.stopListening();
    const look = (): void => {
      const hindrance = redirector.hindranceTo(destination);
      if (hindrance === undefined) this.end();
      else this.alarm ??= this.begin(() => redirector.hindranceTo(destination) ?? hindrance);
    };
    const stops = [redirector.onUp(look), redirector.onDown(look)];
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

  private begin(hindrance: () => Hindrance): Alarm {
    this.owner.began();
    return this.clock.after(NETWORK_BACK_MS, () => {
      this.stop();
      this.owner.gaveUp(hindrance());
    });
  }

  private end(): void {
    if (this.alarm === undefined) return;
    this.alarm.cancel();
    this.alarm = undefined;
    this.owner.ended();
  }
}
