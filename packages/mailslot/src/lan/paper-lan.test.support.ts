import type { TestContext } from 'node:test';
import { LAN_BASE_PACKET } from '../limits.js';
import { DOMAIN, testRing } from '../packet/packet.test.support.js';
import { realRandom } from '../ports/random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Addressee } from '../transport/datagram.js';
import type { Receiver } from '../transport/transport.js';
import { Lan, type LanTransport } from './lan.js';
import type { Target } from './peers.js';
import type { LanSockets, SocketOptions, SocketsState } from './sockets.js';
import type { UdpAddress } from './udp-address.js';

/** A packet on its way from one host to another. */
export interface Passage {
  readonly from: PaperHost;
  readonly to: PaperHost;
  readonly size: number;
  readonly isByGroup: boolean;
  /** The address that it was sent to. */
  readonly at?: string | undefined;
}

const PORT = 5_000;
const LATENCY_MS = 1;

/** A LAN without sockets and without real time: what is lost there, and where packets seem to come from, a test decides. */
export class PaperLan {
  readonly clock: VirtualClock = new VirtualClock();
  readonly hosts: PaperHost[] = [];
  readonly warnings: string[] = [];
  /** Everything that was sent, with those whom it reached. */
  readonly passages: Passage[] = [];
  carries: (passage: Passage) => boolean = () => true;
  /** The address that a packet to the group shows. */
  sourceOf: (passage: Passage) => string = ({ from }) => from.address;

  /** @param addresses the first is the one that its packets come from */
  async host(t: TestContext, name: string, ...addresses: readonly [string, ...string[]]): Promise<PaperHost> {
    const host = new PaperHost(this, name, addresses);
    this.hosts.push(host);
    t.after(() => this.settle(host.transport.close()));
    await host.transport.start(host);
    return host;
  }

  /** Lets virtual time pass, and what is due happen. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1) {
      this.clock.advance(1);
      if (left % 5 === 1 || ms < 50) await turn();
    }
    await turn();
  }

  carry(passage: Passage, packet: Buffer, at: UdpAddress | undefined): void {
    this.passages.push(passage);
    if (!this.carries(passage)) return;
    const address = passage.isByGroup ? this.sourceOf(passage) : passage.from.address;
    const { size } = passage;
    this.clock.after(LATENCY_MS, () => {
      passage.to.options?.onPacket(packet, { address, port: PORT, family: 'IPv4', size }, at);
    });
  }

  /** Packets to the group by this host since then, the longest. */
  longest(from: PaperHost, since: number): number {
    const sizes = this.passages.slice(since).flatMap((each) => (each.from === from ? [each.size] : []));
    return Math.max(0, ...sizes);
  }

  private async settle(ended: Promise<void>): Promise<void> {
    await turn();
    this.clock.advance(1_000);
    await ended;
  }
}

/** One instance on a {@link PaperLan}, with sockets of paper. */
export class PaperHost implements Receiver, LanSockets {
  readonly name: string;
  readonly instance: string = Buffer.from(realRandom.bytes(8)).toString('hex');
  readonly transport: LanTransport;
  readonly texts: string[] = [];
  options: SocketOptions | undefined;
  addresses: UdpAddress[];
  mainCount = 2;
  basePacket: number = LAN_BASE_PACKET;
  isOpen = true;
  readonly isHeard = true;
  readonly isFull = false;
  private readonly lan: PaperLan;
  private counter = 0;

  constructor(lan: PaperLan, name: string, addresses: readonly string[]) {
    this.lan = lan;
    this.name = name;
    this.addresses = addresses.map((address) => ({ family: 'IPv4', address, port: PORT }));
    const log = { warn: (text: string) => lan.warnings.push(text) };
    const ports = { clock: lan.clock, random: realRandom, log };
    this.transport = new Lan({ domain: DOMAIN, keys: testRing() }, ports, (options) => {
      this.options = options;
      return this;
    });
  }

  get address(): string {
    return this.addresses[0]?.address ?? '';
  }

  /** What the transport knows of another host. */
  knows(other: PaperHost): ReturnType<LanTransport['describe']>['peers'][number] | undefined {
    return this.transport.describe().peers.find(({ instance }) => instance === other.instance);
  }

  /** To all, or to one by name. */
  send(data: string, to?: string): void {
    const addressee: Addressee =
      to === undefined ? { kind: 'domain', name: DOMAIN } : { kind: 'computer', name: to };
    this.counter += 1;
    this.transport.send({
      identity: { instance: this.instance, counter: this.counter, stamp: this.lan.clock.now() },
      from: this.name,
      to: addressee,
      sequence: this.counter,
      slot: 'a',
      scope: 'site',
      data: Buffer.from(data),
    });
  }

  /** So many short messages in one turn. */
  burst(count: number, to?: string): void {
    for (let number = 0; number < count; number += 1) this.send(`burst ${number} of some length`, to);
  }

  received({ data }: { readonly data: Uint8Array }): void {
    this.texts.push(Buffer.from(data).toString());
  }

  dropped(): void {}
  hasRoom(): void {}
  close(): void {}

  follow(): Promise<unknown> {
    return Promise.resolve(undefined);
  }

  idle(): Promise<void> {
    return Promise.resolve();
  }

  toGroup(pieces: readonly Buffer[], size: number): void {
    for (const to of this.lan.hosts) {
      if (to !== this)
        this.lan.carry({ from: this, to, size, isByGroup: true }, Buffer.concat(pieces), undefined);
    }
  }

  toOne(pieces: readonly Buffer[], size: number, target: Target): boolean {
    for (const to of this.lan.hosts) {
      const at = to.addresses.find(({ address, port }) => address === target.address && port === target.port);
      if (at !== undefined)
        this.lan.carry({ from: this, to, size, isByGroup: false, at: at.address }, Buffer.concat(pieces), at);
    }
    return true;
  }

  tryOne(pieces: readonly Buffer[], target: Target): void {
    this.toOne(
      pieces,
      pieces.reduce((sum, { length }) => sum + length, 0),
      target,
    );
  }

  isNear({ address }: Target): boolean {
    return this.addresses.some((own) => subnetOf(own.address) === subnetOf(address));
  }

  targetsOf(addresses: readonly UdpAddress[]): Target[] {
    return addresses.filter((each) => this.isNear(each));
  }

  get state(): SocketsState {
    return { ways: [], groups: [], missing: [], leftOut: [], basePacket: this.basePacket, problems: {} };
  }
}

/** The turns of the event loop that a sending outbox needs. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function subnetOf(address: string): string {
  return address.split('.').slice(0, 3).join('.');
}
