import type { Datagram } from 'mailslot/testing';
import type { Destination } from '../../../packages/mailslot/dist/redirector/redirector.js';
import type { RemoteDetails, RemoteSender } from '../../../packages/mailslot/dist/redirector/remote.js';
import { ComputerClock } from './computer-clock.js';
import type { Context } from './context.js';
import { InHand } from './in-hand.js';
import { isFor, judge, judgeAtSlot, type Passage, type Verdict, windowsOf } from './judge.js';
import { KeptWindows } from './kept-windows.js';
import { Memory } from './model/memory.js';
import { Rules } from './model/rules.js';
import type { Tally } from './model/tally.js';
import { type Place, SERVICES, type Slot } from './place.js';
import type { Host, Running } from './running.js';
import type { Arrival, Tap } from './tap.js';
import { must } from './violation.js';

/** What a stopped process finds in its sockets when it goes on. */
const BACKLOG = 1_000;

/** One computer, with what is the same in all its processes, and what the model knows of it. */
export class Computer implements Host {
  readonly place: Place;
  readonly world: Context;
  readonly clock: ComputerClock;
  readonly windows: KeptWindows;
  readonly memory: Memory;
  readonly slots: Map<string, Slot>;
  rules: Rules;
  running: Running | undefined;
  /** When it was last started, stopped, set or made to sleep: what it knows of others may be older. */
  disturbedAt = 0;
  /** What the redirector has in hand at this moment. */
  private hands: readonly InHand[] = [];
  private readonly backlog: (() => void)[] = [];

  constructor(world: Context, place: Place) {
    this.world = world;
    this.place = place;
    this.clock = new ComputerClock(world.clock, place.skewMs);
    const { windows, isCrowded } = world.setup;
    this.windows = new KeptWindows(windows);
    this.memory = new Memory(windows.messages, windows.instances, isCrowded);
    this.rules = new Rules(place.policy);
    this.slots = new Map(place.slots.map((slot) => [slot.path.toLowerCase(), { ...slot }]));
  }

  get name(): string {
    return this.place.name;
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  /** Whether its process can do anything. */
  get isActive(): boolean {
    return this.running !== undefined && !this.clock.isStill;
  }

  took(tap: Tap, datagram: Datagram): void {
    const { running, world, place } = this;
    must(running !== undefined, () => 'a process that ended sends');
    must(datagram.from === place.name, () => `it calls itself ${datagram.from}`);
    must(datagram.identity.instance !== running.outdated, () => 'the instance of before its clock jumped');
    const kept = { ...datagram, data: Buffer.from(datagram.data) };
    world.registry.sent(running, tap.domain, kept);
    world.recorder.record(tap.domain, kept);
    const [inHand] = this.hands;
    if (inHand?.datagram === undefined && inHand !== undefined) inHand.datagram = datagram;
    world.history.note(place.number, datagram.identity.counter);
  }

  came(tap: Tap, arrivals: readonly Arrival[]): void {
    const { running, clock, world } = this;
    const hear = (): void => {
      if (this.running === running) this.hear(tap, arrivals);
      else world.missed += arrivals.length;
    };
    if (running?.taps.includes(tap) !== true) world.missed += arrivals.length;
    else if (!clock.isStill) hear();
    else if (clock.isStopped && this.backlog.length < BACKLOG) this.backlog.push(hear);
    else world.missed += arrivals.length;
  }

  /** After a standstill. */
  goOn(): void {
    this.clock.goOn();
    for (const hear of this.backlog.splice(0)) hear();
  }

  /** Datagrams reach the redirector, in one piece if there are several. Their fate must be the one that is foreseen. */
  hear(tap: Tap, arrivals: readonly Arrival[]): void {
    const { running, world, place } = this;
    must(running !== undefined, () => 'nobody is there to hear');
    world.heard += arrivals.length;
    const { domain, capabilities } = tap;
    let { instance } = running.redirector;
    const foreseen = arrivals.map(({ datagram, origin: { address } }) => {
      const way = { domain, isAuthenticated: capabilities.authenticated, address };
      const verdict = this.foresee(running, way, datagram, instance);
      // The first message to be judged shows that the clock was set: the rest of the piece comes to another instance.
      if (verdict !== 'ignored' && instance === running.outdated) instance = '';
      return { verdict, inHand: new InHand(way, tap.name, address, datagram, datagram, verdict) };
    });
    const hands = foreseen.map(({ inHand }) => inHand);
    this.holding(hands, () => tap.hand(arrivals));
    for (const { verdict, inHand } of foreseen) {
      this.settle(inHand, verdict, running.tally);
      if (verdict === 'unsure') running.gaps.isVague = true;
      world.history.note(place.number, inHand.datagram?.identity.counter ?? 0, inHand.takes);
    }
    if (world.isThorough && this.hands.length === 0) running.tally.compare(running.redirector.statistics());
  }

  /** A program here, or the discovery service, writes a message. */
  send(destination: Destination, data: Uint8Array): boolean {
    const { running } = this;
    must(running !== undefined, () => 'nobody is there to send');
    const { domain, to, slot } = destination;
    const taps = running.taps.filter((tap) => tap.domain === domain);
    const isFull = taps.some((tap) => tap.isUp && tap.isFull);
    // What is refused before the policy is asked costs nobody's rate.
    const isFree = isFull || data.length > destination.messageLimit || SERVICES.includes(slot);
    const passage = { direction: 'out', from: this.name, to, slot } as const;
    const loop = { domain, isAuthenticated: true, address: '' };
    const ruling = isFree ? 'pass' : this.rules.rule(passage, data.length, this.monotonic(), loop);
    const inHand = new InHand(loop, 'loop', '', {
      from: this.name,
      to,
      slot,
      data,
    });
    const isTaken = this.holding([inHand], () => running.redirector.send(destination, data));
    const isAnywhere = inHand.datagram !== undefined || inHand.offers > 0;
    if (!isTaken) {
      must(!isAnywhere && taps.some((tap) => tap.isFull), () => 'not taken, and no transport is full');
      return false;
    }
    if (ruling !== 'pass') {
      must(!isAnywhere, () => `sent, although the policy says ${ruling}`);
      running.tally.refused[ruling] += 1;
      return true;
    }
    running.tally.sent += 1;
    if (inHand.datagram === undefined) running.tally.refused['no-transport'] += 1;
    if (isFor(this.name, domain, to)) this.settle(inHand, this.foreseeLoop(inHand), running.tally);
    return true;
  }

  /** A slot of ours is given something: it must be what the redirector has in hand. */
  delivered(slot: Slot, data: Buffer, sender: RemoteSender, details: RemoteDetails): boolean {
    const { hands, world } = this;
    const inHand = hands.find((each) => each.isFor(slot, data, details));
    must(inHand !== undefined, () => `${slot.path} is given what nobody sent to it, or sent once`);
    inHand.offer(this.name, slot, sender, details);
    inHand.checkOrigin(world.registry);
    if (slot.isFull) return false;
    inHand.takes += 1;
    world.delivered += 1;
    const { datagram, way } = inHand;
    const isFirst = datagram === undefined || this.memory.deliver(way.domain, slot.path, datagram.identity);
    must(isFirst, () => `delivered twice: ${JSON.stringify(datagram?.identity)} to ${slot.path}`);
    return true;
  }

  private foresee(running: Running, way: Passage, datagram: Datagram, own: string): Verdict {
    const isOwn = datagram.identity.instance === own;
    if (isOwn || !isFor(this.name, way.domain, datagram.to)) return 'ignored';
    return judge(this, way, datagram, datagram.from, ({ path }) => {
      if (!/^\$(browse|echo|redirector)$/i.test(path))
        running.gaps.note(windowsOf(way), running.attachmentOf(path), datagram);
    });
  }

  private foreseeLoop({ way, content, datagram }: InHand): Verdict {
    if (datagram !== undefined) return judge(this, way, datagram, '', () => {});
    return this.world.setup.isCrowded ? 'unsure' : judgeAtSlot(this, way, content);
  }

  private settle(inHand: InHand, verdict: Verdict, tally: Tally): void {
    inHand.checkFate(verdict);
    if (verdict === 'ignored') return;
    if (verdict !== 'unsure') tally.fates[verdict] += 1;
    else if (inHand.takes > 0) tally.fates.delivered += 1;
    else tally.unsure += 1;
  }

  private holding<Result>(hands: readonly InHand[], action: () => Result): Result {
    const outer = this.hands;
    this.hands = hands;
    try {
      return action();
    } finally {
      this.hands = outer;
    }
  }
}
