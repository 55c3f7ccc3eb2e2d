import type { Clock, Random, Transport } from 'mailslot/testing';
import type { Carrier } from '../../../packages/mailslot/dist/discovery/carrier.js';
import { Discovery } from '../../../packages/mailslot/dist/discovery/discovery.js';
import { parseName } from '../../../packages/mailslot/dist/name/slot-name.js';
import { parsePolicy } from '../../../packages/mailslot/dist/redirector/policy.js';
import {
  type Attachment,
  type Destination,
  Redirector,
} from '../../../packages/mailslot/dist/redirector/redirector.js';
import type { RemoteDetails, RemoteSender } from '../../../packages/mailslot/dist/redirector/remote.js';
import { ProcessClock } from './computer-clock.js';
import type { Context } from './context.js';
import type { KeptWindows } from './kept-windows.js';
import { GapCount } from './model/gap-count.js';
import type { PolicyText, Rules } from './model/rules.js';
import { Tally } from './model/tally.js';
import type { Place, Slot } from './place.js';
import { Tap, type TapOwner } from './tap.js';
import { must } from './violation.js';

const BROWSE = '$browse';
const ECHO = '$echo';

/** The computer that a process runs on. */
export interface Host extends TapOwner {
  readonly place: Place;
  readonly world: Context;
  readonly clock: Clock;
  readonly windows: KeptWindows;
  readonly rules: Rules;
  /** By their paths in lower case. */
  readonly slots: Map<string, Slot>;
  send(destination: Destination, data: Uint8Array): boolean;
  delivered(slot: Slot, data: Buffer, sender: RemoteSender, details: RemoteDetails): boolean;
}

/** One process of a computer: a redirector, perhaps with the discovery service, and what it should have counted. */
export class Running {
  readonly redirector: Redirector;
  readonly discovery: Discovery | undefined;
  readonly taps: readonly Tap[];
  readonly tally: Tally = new Tally();
  readonly gaps: GapCount = new GapCount();
  readonly since: number;
  /** Names that were opened by a client, and stay so. */
  readonly opened: Destination[] = [];
  /** What the instance must not be any more when the next message is sent. */
  outdated: string | undefined;
  private readonly computer: Host;
  private readonly clock: ProcessClock;
  private readonly attachments = new Map<string, Attachment>();

  constructor(
    computer: Host,
    random: Random,
    transports: readonly (readonly Transport[])[],
    failures: number,
  ) {
    this.computer = computer;
    this.clock = new ProcessClock(computer.clock);
    this.since = computer.world.clock.monotonic();
    const { memberships, machine, hasDiscovery } = computer.place;
    const domains = memberships.map(({ domain }, at) => {
      const options = { domain, failures, gatherMs: computer.place.gatherMs };
      const taps = (transports[at] ?? []).map((way) => new Tap(way, computer, computer.world.clock, options));
      return { name: domain, transports: taps };
    });
    this.taps = domains.flatMap((each) => each.transports);
    const ports = { clock: this.clock, random, log: { warn: () => {} } };
    const policy = policyOf(computer.rules.text);
    const windows = computer.windows.store();
    this.redirector = new Redirector({ computer: computer.place.name, domains, windows, policy, ports });
    if (hasDiscovery) this.discovery = new Discovery(this.carrier(), { offers: [], machine, ports });
  }

  async start(): Promise<void> {
    for (const slot of this.computer.slots.values()) this.attach(slot);
    await this.redirector.start();
    if (this.discovery === undefined) return;
    for (const path of [BROWSE, ECHO]) {
      const slot: Slot = { path, remote: 'domain', isFull: false };
      this.computer.slots.set(path, slot);
      this.attach(slot);
    }
    this.discovery.start();
  }

  /** As `mailslot serve` ends. */
  async close(): Promise<void> {
    await this.discovery?.close();
    this.withoutServices();
    await this.redirector.close();
    this.clock.kill();
  }

  /** As kill -9 ends it: nothing is said, the system closes the sockets. */
  async kill(): Promise<void> {
    this.clock.kill();
    this.withoutServices();
    await Promise.all(this.taps.map((tap) => tap.close()));
  }

  attach(slot: Slot): void {
    const deliver = (data: Buffer, sender: RemoteSender, details: RemoteDetails): boolean => {
      return this.computer.delivered(slot, data, sender, details);
    };
    this.attachments.set(slot.path, this.redirector.attach(slot.path, slot.remote, deliver));
  }

  /** What stands for a slot as long as it is there. */
  attachmentOf(path: string): object {
    const attachment = this.attachments.get(path);
    must(attachment !== undefined, () => `${path} is not attached`);
    return attachment;
  }

  detach(path: string): void {
    this.attachments.get(path)?.detach();
    this.attachments.delete(path);
  }

  setPolicy(text: PolicyText): void {
    this.redirector.policy = policyOf(text);
  }

  open(name: string): Destination {
    return this.redirector.destinationOf(parseName(name));
  }

  private withoutServices(): void {
    for (const path of [BROWSE, ECHO]) {
      this.computer.slots.delete(path);
      this.detach(path);
    }
  }

  /** The redirector, as discovery sees it: what it sends is seen by us. */
  private carrier(): Carrier {
    const { redirector, computer } = this;
    return {
      computer: redirector.computer,
      domains: redirector.domains,
      get instance() {
        return redirector.instance;
      },
      attach: (path, remote, deliver) => redirector.attach(path, remote, deliver),
      destinationOf: (name) => redirector.destinationOf(name),
      send: (destination, data) => computer.send(destination, data),
      onRoom: (listener) => redirector.onRoom(listener),
      onUp: (listener) => redirector.onUp(listener),
      onRenewed: (listener) => redirector.onRenewed(listener),
      transportsTo: (domain, name) => redirector.transportsTo(domain, name),
    };
  }
}

/** By way of the file. */
function policyOf(text: PolicyText): ReturnType<typeof parsePolicy> {
  return parsePolicy(JSON.stringify(text));
}
