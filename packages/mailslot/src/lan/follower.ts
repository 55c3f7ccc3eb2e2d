import { LAN_RESCAN_MS, LAN_RESCAN_SOON_MS } from '../limits.js';
import type { KeyRing } from '../packet/key-ring.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { LanSockets } from './sockets.js';

/** What the follower works with. */
export interface FollowerParts {
  readonly ring: KeyRing;
  readonly sockets: LanSockets;
  readonly clock: Clock;
  /** About once a second. */
  readonly onLook: () => void;
  /** What went wrong while nobody waited for it. */
  readonly onFailure: (failure: unknown) => void;
}

/** Keeps the sockets in line with interfaces and keys: looks once a second, and at once when the key ring changes. */
export class Follower {
  private readonly parts: FollowerParts;
  private isStopped = false;
  private isAskedAgain = false;
  private step: Promise<unknown> | undefined;
  private later: Alarm | undefined;
  private soon: Alarm | undefined;
  private stopListening: (() => void) | undefined;

  constructor(parts: FollowerParts) {
    this.parts = parts;
  }

  /** The first look. Returns why the group's port is not to be had, if that is so. */
  first(): Promise<unknown> {
    return this.follow();
  }

  /** From now on without being asked. */
  goOn(): void {
    this.stopListening = this.parts.ring.onChange(() => this.followAlone());
    this.lookLater();
  }

  /** Something may have changed. */
  followSoon(): void {
    if (this.isStopped) return;
    this.soon ??= this.parts.clock.afterIdle(LAN_RESCAN_SOON_MS, () => {
      this.soon = undefined;
      this.followAlone();
    });
  }

  /** Resolves when nothing is being opened any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopListening?.();
    this.later?.cancel();
    this.soon?.cancel();
    await this.step;
  }

  private lookLater(): void {
    this.later = this.parts.clock.afterIdle(LAN_RESCAN_MS, () => {
      this.parts.onLook();
      this.followAlone();
      this.lookLater();
    });
  }

  private followAlone(): void {
    void this.follow().then(this.parts.onFailure);
  }

  /** One step after the other; whoever asks during one is told the result of the next. Does not reject. */
  private follow(): Promise<unknown> {
    this.isAskedAgain = true;
    this.step ??= this.steps().finally(() => {
      this.step = undefined;
    });
    return this.step;
  }

  private async steps(): Promise<unknown> {
    const { ring, sockets } = this.parts;
    let failure: unknown;
    while (this.isAskedAgain && !this.isStopped) {
      this.isAskedAgain = false;
      failure = undefined;
      try {
        if (ring.inUse === undefined) sockets.close();
        else failure = await sockets.follow();
      } catch (error) {
        failure = error;
      }
    }
    return failure;
  }
}
