import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { MailslotError } from '../errors.js';
import type { Scope } from '../name/scope.js';
import { parseName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Datagram } from '../transport/datagram.js';
import type { Capabilities, Receiver, Transport } from '../transport/transport.js';
import { ALLOW_ALL, type Policy } from './policy.js';
import { type Attachment, type DomainSetup, Redirector } from './redirector.js';
import type { Deliver, RemoteSender } from './remote.js';
import { memoryWindows, type WindowStore } from './windows.js';

/** A network that carries nothing until it is told to; everybody hears everything, the sender too. */
export class Hub {
  readonly members: HubTransport[] = [];
  /** What was sent and is not yet delivered. */
  readonly wire: Datagram[] = [];

  transport(options: Partial<Capabilities> & { readonly name?: string } = {}): HubTransport {
    const made = new HubTransport(this, options);
    this.members.push(made);
    return made;
  }

  /** Delivers everything, `times` over. */
  flush(times = 1): void {
    for (let datagram = this.wire.shift(); datagram; datagram = this.wire.shift()) {
      for (let time = 0; time < times; time += 1) this.carry(datagram);
    }
  }

  carry(datagram: Datagram): void {
    for (const member of this.members) member.hear(datagram);
  }
}

export class HubTransport implements Transport {
  readonly name: string;
  readonly capabilities: Capabilities;
  wanted: ReadonlySet<string> = new Set();
  /** How many datagrams it takes before it is full. */
  room: number = Number.POSITIVE_INFINITY;
  /** What is longer is refused, though it was not when its name was opened. */
  limit: number = Number.POSITIVE_INFINITY;
  /** How often `start` fails. */
  failures = 0;
  starts = 0;
  receiver: Receiver | undefined;
  private readonly hub: Hub;

  constructor(hub: Hub, options: Partial<Capabilities> & { readonly name?: string }) {
    this.hub = hub;
    this.name = options.name ?? 'hub';
    const { broadcast = true, reach = 'lan', maxMessageSize = 60_000, authenticated = true } = options;
    this.capabilities = { broadcast, reach, maxMessageSize, authenticated };
  }

  async start(receiver: Receiver): Promise<void> {
    this.starts += 1;
    if (this.starts <= this.failures) throw new Error('no cable');
    this.receiver = receiver;
  }

  send(datagram: Datagram): boolean {
    if (this.room === 0) return false;
    if (datagram.data.length > this.limit) {
      throw new MailslotError('ERR_MAILSLOT_MESSAGE_TOO_LARGE', `more than ${this.limit} bytes`);
    }
    this.room -= 1;
    // As on a real wire: names are decoded anew, and the bytes are the receiver's own.
    this.hub.wire.push({ ...datagram, data: Buffer.from(datagram.data) });
    return true;
  }

  /** There is room again for so many. */
  makeRoom(count: number = Number.POSITIVE_INFINITY): void {
    this.room = count;
    this.receiver?.hasRoom();
  }

  /** Its connection is lost, or there again. */
  connected(isConnected: boolean): void {
    this.receiver?.connected?.(isConnected);
  }

  want(slots: ReadonlySet<string>): void {
    this.wanted = slots;
  }

  hear(datagram: Datagram, address = '10.0.0.1:1'): void {
    this.receiver?.received(datagram, { address });
  }

  async close(): Promise<void> {
    this.receiver = undefined;
  }
}

let instances = 0;

/** Ports whose chance counts upwards and whose warnings are kept. */
export function testPorts(
  clock: VirtualClock = new VirtualClock(),
): Ports & { clock: VirtualClock; warnings: string[] } {
  const warnings: string[] = [];
  const random = {
    bytes(length: number): Uint8Array {
      instances += 1;
      return Buffer.from(instances.toString(16).padStart(2 * length, '0'), 'hex');
    },
  };
  return { clock, random, log: { warn: (message) => warnings.push(message) }, warnings };
}

export interface HostOptions {
  readonly domains?: readonly DomainSetup[];
  readonly windows?: WindowStore;
  readonly policy?: Policy;
  readonly ports: Ports;
}

/** A redirector on a computer, with what its slots were given. */
export class Host {
  readonly redirector: Redirector;
  readonly got: string[] = [];
  readonly senders: RemoteSender[] = [];

  constructor(
    computer: string,
    { domains = [], windows = memoryWindows(), policy = ALLOW_ALL, ports }: HostOptions,
  ) {
    this.redirector = new Redirector({ computer, domains, windows, policy, ports });
  }

  /** What comes for the slot goes to `got`. */
  attach(slot = 'a', remote: 'domain' | 'anyone' = 'domain', scope: Scope = 'site'): Attachment {
    const deliver: Deliver = (data, sender) => {
      this.got.push(data.toString());
      this.senders.push(sender);
      return true;
    };
    return this.redirector.attach(slot, remote, deliver, scope);
  }

  send(name: string, text: string, scope: Scope = 'site'): boolean {
    const destination = this.redirector.destinationOf(parseName(name), scope);
    return this.redirector.send(destination, Buffer.from(text));
  }

  get dropped(): Partial<Record<string, number>> {
    const { dropped } = this.redirector.statistics();
    return Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0));
  }
}

/** A running host on each transport's domain OFFICE; closed after the test. */
export async function started(t: TestContext, computer: string, options: HostOptions): Promise<Host> {
  const host = new Host(computer, options);
  await host.redirector.start();
  t.after(() => host.redirector.close());
  return host;
}

/** The domain OFFICE on these. */
export function office(...transports: readonly Transport[]): DomainSetup[] {
  return [{ name: 'OFFICE', transports }];
}

export function temporaryFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-windows-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'windows');
}
