import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { KeyRing } from '../packet/key-ring.js';
import { DOMAIN } from '../packet/packet.test.support.js';
import { realPorts } from '../ports/ports.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import type { Receiver, TransportDrop } from '../transport/transport.js';
import { GROUPS } from './group-socket.js';
import { type LanOptions, type LanTransport, lanTransport } from './lan.js';

const TO_ALL: Addressee = { kind: 'domain', name: DOMAIN };
export const toComputer = (name: string): Addressee => ({ kind: 'computer', name });

/** A UDP port that nobody uses. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** One instance on the loopback LAN, which notes what it hears. */
export class Station implements Receiver {
  readonly computer: string;
  readonly instance: string = Buffer.from(realPorts.random.bytes(8)).toString('hex');
  readonly ring: KeyRing;
  readonly transport: LanTransport;
  readonly texts: string[] = [];
  readonly datagrams: Datagram[] = [];
  readonly addresses: string[] = [];
  readonly drops: Partial<Record<TransportDrop, number>> = {};
  room = 0;
  private counter = 0;
  private readonly waiting = new Set<() => void>();

  constructor(computer: string, ring: KeyRing, options: Omit<LanOptions, 'domain' | 'keys'>) {
    this.computer = computer;
    this.ring = ring;
    this.transport = lanTransport({ domain: DOMAIN, keys: ring, interfaces: ['lo'], ...options }, realPorts);
  }

  static async start(t: TestContext, computer: string, ring: KeyRing, port: number): Promise<Station> {
    const station = new Station(computer, ring, { port });
    t.after(() => station.transport.close());
    await station.transport.start(station);
    return station;
  }

  received(datagram: Datagram, { address }: { readonly address: string }): void {
    this.datagrams.push(datagram);
    this.texts.push(Buffer.from(datagram.data).toString());
    this.addresses.push(address);
    this.notify();
  }

  dropped(reason: TransportDrop, count: number): void {
    this.drops[reason] = (this.drops[reason] ?? 0) + count;
    this.notify();
  }

  hasRoom(): void {
    this.room += 1;
    this.notify();
  }

  send(data: string | Uint8Array, to: Addressee = TO_ALL): boolean {
    const counter = this.counter + 1;
    const isTaken = this.transport.send({
      identity: { instance: this.instance, counter, stamp: realPorts.clock.now() },
      from: this.computer,
      to,
      sequence: counter,
      slot: 'app/events',
      scope: 'site',
      data: Buffer.from(data),
    });
    if (isTaken) this.counter = counter;
    return isTaken;
  }

  /** Resolves as soon as it is so; looks again whenever something was heard. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private notify(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Somebody on the loopback LAN without a key: hears the group's packets, and sends what it likes. */
export class Outsider {
  readonly heard: Buffer[] = [];
  private readonly socket: Socket;
  private readonly port: number;

  static async start(t: TestContext, port: number): Promise<Outsider> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(port);
    await once(socket, 'listening');
    socket.addMembership(GROUPS.IPv4, '127.0.0.1');
    socket.setMulticastInterface('127.0.0.1');
    socket.setMulticastTTL(0);
    t.after(() => socket.close());
    return new Outsider(socket, port);
  }

  private constructor(socket: Socket, port: number) {
    this.socket = socket;
    this.port = port;
    socket.on('message', (packet) => this.heard.push(packet));
  }

  async packet(count: number): Promise<Buffer> {
    while (this.heard.length < count) await once(this.socket, 'message');
    return this.heard[count - 1] as Buffer;
  }

  send(packet: Buffer, port: number = this.port, address: string = GROUPS.IPv4): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(packet, port, address, (error) => (error ? reject(error) : resolve()));
    });
  }
}
