import { randomBytes } from 'node:crypto';
import { natsTransport } from '@mailslot/nats';
import type { NatsTransport } from 'mailslot';
import { type Addressee, KeyRing, keyOf, realPorts } from 'mailslot/transports';
import type { Ends, Place, Sender } from './contestant.js';

const DOMAIN = 'BENCH';
const THERE: Addressee = { kind: 'computer', name: 'THERE' };
/** Both sides must have it, and it protects nothing. */
const KEY = keyOf(Buffer.alloc(32, 'bench'));

/** What redirectors hand their messages to, without them. */
export const natsClear: Ends = ends(false);
export const natsSealed: Ends = ends(true);

function ends(seal: boolean): Ends {
  return {
    async receive(at, slot, onMessage) {
      const transport = transportOf(at, THERE.name, seal);
      transport.want(new Set([slot]));
      await transport.start({
        received: ({ data }) => onMessage(data, 0, data.length),
        // It is missing where messages are counted.
        dropped: () => {},
        hasRoom: () => {},
      });
      return { close: () => transport.close() };
    },
    async open(at, slot) {
      const transport = transportOf(at, 'HERE', seal);
      const sender = new DatagramSender(transport, slot);
      await transport.start({ received: () => {}, dropped: () => {}, hasRoom: () => sender.hasRoom() });
      return sender;
    },
  };
}

function transportOf({ brokers }: Place, computer: string, seal: boolean): NatsTransport {
  const servers = [`nats://${brokers['nats-server']}`];
  const keys = new KeyRing(DOMAIN, [KEY], KEY.id);
  return natsTransport({ domain: DOMAIN, computer, keys, settings: { servers, seal } }, realPorts);
}

/** Hands over datagrams, each with an identity of its own, as a redirector does. */
class DatagramSender implements Sender {
  private readonly transport: NatsTransport;
  private readonly slot: string;
  private readonly instance = randomBytes(8).toString('hex');
  private counter = 0;
  private onRoom: () => void = () => {};

  constructor(transport: NatsTransport, slot: string) {
    this.transport = transport;
    this.slot = slot;
  }

  send(body: Buffer): Promise<void> | undefined {
    this.counter += 1;
    return this.isTaken(body) ? undefined : this.sendLater(body);
  }

  hasRoom(): void {
    this.onRoom();
  }

  /** It leaves by itself at the end of the turn. */
  flush(): undefined {}

  close(): Promise<void> {
    return this.transport.close();
  }

  private isTaken(data: Buffer): boolean {
    const { instance, counter, slot } = this;
    const identity = { instance, counter, stamp: Date.now() };
    return this.transport.send({
      identity,
      from: 'HERE',
      to: THERE,
      sequence: counter,
      slot,
      scope: 'site',
      data,
    });
  }

  private async sendLater(body: Buffer): Promise<void> {
    do {
      await new Promise<void>((resolve) => {
        this.onRoom = resolve;
      });
    } while (!this.isTaken(body));
  }
}
