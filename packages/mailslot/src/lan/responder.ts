import {
  LAN_PROBE_ANSWERS_PER_SECOND,
  LAN_PROBE_GATHER_MS,
  LAN_PROBE_SPREAD_MS,
  LAN_TRIED_ADDRESSES,
} from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import type { Peer, Peers, Target } from './peers.js';
import type { Probe, ProbeAnswer } from './probe-message.js';
import type { UdpAddress } from './udp-address.js';

/** A probe as it came. */
export interface ProbeHeard {
  readonly asker: string;
  readonly probe: Probe;
  /** Bytes of its packet. */
  readonly size: number;
  readonly from: Target;
  /** The address of ours that it was sent to; `undefined`: the group. */
  readonly at: UdpAddress | undefined;
  /** The instance of ours that was asked. */
  readonly own: string;
}

/** What the responder works with. */
export interface ResponderParts {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
  readonly isNear: (target: Target) => boolean;
  readonly targetsOf: (addresses: readonly UdpAddress[]) => readonly Target[];
  readonly addresses: () => readonly UdpAddress[];
  /** By the instance `own`. */
  readonly send: (own: string, answer: ProbeAnswer, targets: readonly (Target | 'group')[]) => void;
}

/** A probe of which one size or more came. */
interface Gathered {
  size: number;
  readonly alarm: Alarm;
}

/** Answers those who ask how long a packet may be: once for all sizes that came together. */
export class Responder {
  private readonly parts: ResponderParts;
  private readonly gathered = new Map<string, Gathered>();
  private left = LAN_PROBE_ANSWERS_PER_SECOND;

  constructor(parts: ResponderParts) {
    this.parts = parts;
  }

  heard(heard: ProbeHeard): void {
    const { asker, probe, size, own } = heard;
    const name = `${own} ${asker} ${probe.nonce}`;
    const known = this.gathered.get(name);
    if (known !== undefined) {
      known.size = Math.max(known.size, size);
      return;
    }
    if (this.left === 0) return;
    this.left -= 1;
    const { clock, random } = this.parts;
    const [chance = 0] = random.bytes(1);
    const spread = (chance / 0x100) * probe.asked.length * LAN_PROBE_SPREAD_MS;
    const alarm = clock.afterIdle(LAN_PROBE_GATHER_MS + spread, () => {
      const found = this.gathered.get(name)?.size ?? size;
      this.gathered.delete(name);
      this.answer(heard, found);
    });
    this.gathered.set(name, { size, alarm });
  }

  /** A second has passed. */
  tick(): void {
    this.left = LAN_PROBE_ANSWERS_PER_SECOND;
  }

  stop(): void {
    for (const { alarm } of this.gathered.values()) alarm.cancel();
    this.gathered.clear();
  }

  private answer(heard: ProbeHeard, size: number): void {
    const { peers, clock, addresses, targetsOf, send } = this.parts;
    const { asker, probe, at, own } = heard;
    const peer = peers.get(asker);
    if (peer === undefined) return;
    for (const target of targetsOf(probe.addresses)) peers.learn(peer, target, clock.monotonic());
    const all = at === undefined ? addresses() : [at, ...addresses().filter((each) => !isSame(each, at))];
    const answer = { asker, nonce: probe.nonce, size, isByGroup: at === undefined, addresses: all };
    send(own, answer, this.targets(peer, heard));
  }

  /**
   * Where the asker can be reached: at an address that has answered, else at those that are near. If it has none, by the
   * group; so too if it has heard nothing of ours yet.
   */
  private targets(peer: Peer, { probe, from, at }: ProbeHeard): readonly (Target | 'group')[] {
    const shown = peer.candidates.find(({ path }) => path.shown > 0 && !path.isDoubtful);
    if (shown !== undefined) return [shown.target];
    const near = peer.candidates.filter(({ target }) => this.parts.isNear(target));
    const targets = near.slice(0, LAN_TRIED_ADDRESSES).map(({ target }) => target);
    // Somebody asks at an address of ours: there may be a way back to where that came from.
    if (targets.length === 0 && at !== undefined) targets.push(from);
    return targets.length > 0 && !probe.isUnheard ? targets : [...targets, 'group'];
  }
}

function isSame(one: UdpAddress, other: UdpAddress): boolean {
  return one.address === other.address && one.port === other.port;
}
