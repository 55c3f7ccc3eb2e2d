import { natsTransport } from '@mailslot/nats';
import type { NatsSettings, NatsTransport } from 'mailslot';
import { type Addressee, type Key, KeyRing, realPorts, type TransportDrop } from 'mailslot/transports';
import { slotsOf } from './slots.js';

export const DOMAIN = 'OFFICE';

/** What all stations of one run have in common. */
export interface StationParts {
  readonly settings: NatsSettings;
  readonly key: Key;
  /** Is told of each message that comes. */
  readonly heard: (text: string) => void;
  /** … and of each that was thrown away. */
  readonly dropped: (station: number, reason: TransportDrop) => void;
}

/** A computer of the domain, as far as the network sees it: a transport with a connection of its own, and five slots. */
export class Station {
  readonly number: number;
  private readonly parts: StationParts;
  private readonly transport: NatsTransport;
  private readonly instance = Buffer.from(realPorts.random.bytes(8)).toString('hex');
  private counter = 0;

  constructor(number: number, parts: StationParts) {
    const { settings, key } = parts;
    this.number = number;
    this.parts = parts;
    const keys = new KeyRing(DOMAIN, [key], key.id);
    const setup = { domain: DOMAIN, computer: nameOf(number), keys, settings };
    this.transport = natsTransport(setup, realPorts);
    this.transport.want(slotsOf(number));
  }

  async start(): Promise<void> {
    const { heard, dropped } = this.parts;
    await this.transport.start({
      received: ({ data }) => heard(Buffer.from(data).toString()),
      dropped: (reason) => dropped(this.number, reason),
      hasRoom: () => {},
    });
  }

  toAll(slot: string, text: string): void {
    this.send({ kind: 'domain', name: DOMAIN }, slot, text);
  }

  toOne(number: number, slot: string, text: string): void {
    this.send({ kind: 'computer', name: nameOf(number) }, slot, text);
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private send(to: Addressee, slot: string, text: string): void {
    this.counter += 1;
    const { counter, instance } = this;
    const isTaken = this.transport.send({
      identity: { instance, counter, stamp: Date.now() },
      from: nameOf(this.number),
      to,
      sequence: counter,
      slot,
      scope: 'site',
      data: Buffer.from(text),
    });
    if (!isTaken) throw new Error(`${nameOf(this.number)} has no room for a message`);
  }
}

export function nameOf(number: number): string {
  return `PC-${number}`;
}
