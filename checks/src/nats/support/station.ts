import type { TestContext } from 'node:test';
import { natsTransport } from '@mailslot/nats';
import type { NatsSettings, NatsTransport } from 'mailslot';
import { type Datagram, KeyRing, keyOf, type Receiver, realPorts } from 'mailslot/transports';
import { makeScene, type Scene } from '../../harness/scene.js';
import { until } from '../../lan/support/until.js';

export const OFFICE = 'OFFICE';
export const SLOT = 'app/events';

/** A ring with one key, in use, that is not the one of any other number. */
export function ring(number = 1): KeyRing {
  const key = keyOf(Buffer.alloc(32, number));
  return new KeyRing(OFFICE, [key], key.id);
}

/** A scene of one test. */
export function sceneOf(t: TestContext): Scene {
  const { scene, clear } = makeScene();
  t.after(clear);
  return scene;
}

/** One transport over NATS, and what it told. */
export class Station implements Receiver {
  readonly computer: string;
  readonly keys: KeyRing;
  readonly transport: NatsTransport;
  readonly texts: string[] = [];
  readonly origins: string[] = [];
  readonly drops: string[] = [];
  /** What was told of the connection. */
  readonly connections: boolean[] = [];
  rooms = 0;
  taken = 0;
  private readonly instance: string = Buffer.from(realPorts.random.bytes(8)).toString('hex');

  constructor(computer: string, settings: NatsSettings, keys: KeyRing = ring()) {
    this.computer = computer;
    this.keys = keys;
    this.transport = natsTransport({ domain: OFFICE, computer, keys, settings }, realPorts);
  }

  /** Started, and with the slot of these tests; closed at the end of the scene. */
  static async start(
    at: Scene,
    computer: string,
    settings: NatsSettings,
    keys: KeyRing = ring(),
  ): Promise<Station> {
    const station = new Station(computer, settings, keys);
    at.after(() => station.transport.close());
    await station.transport.start(station);
    station.transport.want(new Set([SLOT]));
    return station;
  }

  /** ALPHA and BRAVO, both started. */
  static async pair(at: Scene, settings: NatsSettings): Promise<[alpha: Station, bravo: Station]> {
    return [await Station.start(at, 'ALPHA', settings), await Station.start(at, 'BRAVO', settings)];
  }

  received({ data }: Datagram, { address }: { readonly address: string }): void {
    this.texts.push(Buffer.from(data).toString());
    this.origins.push(address);
  }

  dropped(reason: string): void {
    this.drops.push(reason);
  }

  hasRoom(): void {
    this.rooms += 1;
  }

  connected(isConnected: boolean): void {
    this.connections.push(isConnected);
  }

  send(text: string, changes: Partial<Datagram> = {}): boolean {
    const counter = this.taken + 1;
    const isTaken = this.transport.send({
      identity: { instance: this.instance, counter, stamp: Date.now() },
      from: this.computer,
      to: { kind: 'domain', name: OFFICE },
      sequence: counter,
      slot: SLOT,
      scope: 'site',
      data: Buffer.from(text),
      ...changes,
    });
    if (isTaken) this.taken = counter;
    return isTaken;
  }

  /** Resolves when this text is there; says it again and again, for who has only just subscribed missed it. */
  async hears(from: Station, text: string): Promise<void> {
    await until(async () => {
      if (this.texts.includes(text)) return true;
      from.send(text);
      return false;
    }, `${this.computer} to hear ${text}`);
  }
}
