import type { Datagram } from '../../transport/datagram.js';
import { decorated } from '../../transport/decorated.js';
import type { Receiver, Transport } from '../../transport/transport.js';

/** Transports that break one promise each, and the case that must see it. */
export interface Broken {
  readonly defect: string;
  /** Part of the title of a case. */
  readonly caughtBy: string;
  /** What the case says: caught for another reason is not caught. */
  readonly complaint: RegExp;
  readonly spoil: (transport: Transport, computer: string) => Transport;
  /** The domain in which all computers are, whatever they were made for. */
  readonly domain?: string;
}

const altered = (change: (datagram: Datagram) => Datagram) => (transport: Transport) =>
  decorated(transport, { send: (datagram) => transport.send(change(datagram)) });

const sendingOnly = (isSent: (datagram: Datagram) => boolean) => (transport: Transport) =>
  decorated(transport, { send: (datagram) => !isSent(datagram) || transport.send(datagram) });

const hearing = (hear: (receiver: Receiver) => Partial<Receiver>) => (transport: Transport) =>
  decorated(transport, {
    start: (receiver) =>
      transport.start({
        received: (datagram, origin) => receiver.received(datagram, origin),
        dropped: (reason, count) => receiver.dropped(reason, count),
        hasRoom: () => receiver.hasRoom(),
        ...hear(receiver),
      }),
  });

export const brokenTransports: readonly Broken[] = [
  {
    defect: 'each message arrives twice as long',
    caughtBy: 'messages of every size',
    complaint: /^the length of/,
    spoil: altered((datagram) => ({
      ...datagram,
      data: Buffer.concat([datagram.data, datagram.data]).subarray(0, 50_000),
    })),
  },
  {
    defect: 'long messages are cut off',
    caughtBy: 'messages of every size',
    complaint: /^the length of/,
    spoil: altered((datagram) => ({ ...datagram, data: datagram.data.subarray(0, 8_192) })),
  },
  {
    defect: 'empty messages get lost',
    caughtBy: 'messages of every size',
    complaint: /did not arrive/,
    spoil: sendingOnly(({ data }) => data.length > 0),
  },
  {
    defect: 'one bit of a long message is wrong',
    caughtBy: 'messages of every size',
    complaint: /were altered/,
    spoil: altered((datagram) => {
      const data = Buffer.from(datagram.data);
      if (data.length > 20_000) data[20_000] = (data[20_000] as number) ^ 1;
      return { ...datagram, data };
    }),
  },
  {
    defect: 'every third datagram gets lost',
    caughtBy: 'many datagrams of one turn',
    complaint: /did not arrive/,
    spoil: (transport) => {
      let count = 0;
      return sendingOnly(() => ++count % 3 !== 0)(transport);
    },
  },
  {
    defect: 'a sequence number has 16 bits',
    caughtBy: 'fields at their extremes',
    complaint: /sequence: 65535/,
    spoil: altered((datagram) => ({ ...datagram, sequence: datagram.sequence & 0xffff })),
  },
  {
    defect: 'names are ASCII',
    caughtBy: 'fields at their extremes',
    complaint: /GRÜN/,
    spoil: altered((datagram) => ({
      ...datagram,
      from: Buffer.from(datagram.from, 'latin1').toString('ascii'),
    })),
  },
  {
    defect: 'the instance is that of the first datagram',
    caughtBy: 'becomes a new instance',
    complaint: /did not arrive/,
    spoil: (transport) => {
      let instance: string | undefined;
      return altered((datagram) => {
        instance ??= datagram.identity.instance;
        return { ...datagram, identity: { ...datagram.identity, instance } };
      })(transport);
    },
  },
  {
    defect: 'everything goes to everybody, and says so',
    caughtBy: 'reaches every instance',
    complaint: /kind: 'domain'/,
    spoil: altered((datagram) => ({ ...datagram, to: { kind: 'domain', name: 'OFFICE' } })),
  },
  {
    defect: 'the bytes are sent later, as they are then',
    caughtBy: 'at the time of sending',
    complaint: /were altered/,
    spoil: (transport) =>
      decorated(transport, {
        send: (datagram) => {
          queueMicrotask(() => transport.send(datagram));
          return true;
        },
      }),
  },
  {
    defect: 'the limit is higher than it says',
    caughtBy: 'one byte more',
    complaint: /Missing expected exception/,
    spoil: (transport) => {
      const { capabilities } = transport;
      const maxMessageSize = capabilities.maxMessageSize - 1_000;
      return { ...decorated(transport, {}), capabilities: { ...capabilities, maxMessageSize } };
    },
  },
  {
    defect: 'what it refuses it sends all the same',
    caughtBy: 'a full buffer',
    complaint: /was refused, and sent all the same/,
    spoil: (transport) => {
      const refused: Datagram[] = [];
      const retry = (): void => {
        for (const datagram of refused.splice(0)) transport.send(datagram);
      };
      const resending = decorated(transport, {
        send: (datagram) => {
          const isTaken = transport.send(datagram);
          if (!isTaken) refused.push(datagram);
          return isTaken;
        },
      });
      return hearing((receiver) => ({
        hasRoom: () => {
          retry();
          receiver.hasRoom();
        },
      }))(resending);
    },
  },
  {
    defect: 'it keeps silent about room',
    caughtBy: 'a full buffer',
    complaint: /hasRoom was never called/,
    spoil: hearing(() => ({ hasRoom: () => undefined })),
  },
  {
    defect: 'it tells of room without a reason',
    caughtBy: 'reaches all its computers',
    complaint: /had never been full/,
    spoil: hearing((receiver) => ({
      received: (datagram, origin) => {
        receiver.received(datagram, origin);
        receiver.hasRoom();
      },
    })),
  },
  {
    defect: 'its buffer has no bound',
    caughtBy: 'a full buffer',
    complaint: /nothing bounds the buffer/,
    spoil: (transport) => decorated(transport, { send: (datagram) => transport.send(datagram) || true }),
  },
  {
    defect: 'it hears before its start',
    caughtBy: 'before its start',
    complaint: /it heard before its start/,
    spoil: (transport) => {
      const early: (() => void)[] = [];
      let receiver: Receiver | undefined;
      const begun = transport.start({
        received: (datagram, origin) => {
          if (receiver === undefined) early.push(() => receiver?.received(datagram, origin));
          else receiver.received(datagram, origin);
        },
        dropped: () => undefined,
        hasRoom: () => receiver?.hasRoom(),
      });
      return decorated(transport, {
        send: (datagram) => receiver === undefined || transport.send(datagram),
        start: async (given) => {
          await begun;
          receiver = given;
          for (const hear of early.splice(0)) hear();
        },
      });
    },
  },
  {
    defect: 'it sends before its start',
    caughtBy: 'before its start',
    complaint: /it sent before its start/,
    spoil: (transport) => {
      let receiver: Receiver | undefined;
      const begun = transport.start({
        received: (datagram, origin) => receiver?.received(datagram, origin),
        dropped: (reason, count) => receiver?.dropped(reason, count),
        hasRoom: () => receiver?.hasRoom(),
      });
      return decorated(transport, {
        start: (given) => {
          receiver = given;
          return begun;
        },
      });
    },
  },
  {
    defect: 'it sends after its close',
    caughtBy: 'after its close',
    complaint: /it sent after its close/,
    spoil: (transport) => decorated(transport, { close: async () => {} }),
  },
  {
    defect: 'it answers after its close',
    caughtBy: 'after its close',
    complaint: /CHARLIE told of a datagram after it was closed/,
    spoil: (transport) => {
      let isClosed = false;
      return decorated(transport, {
        send: (datagram) => isClosed || transport.send(datagram),
        close: async () => {
          isClosed = true;
        },
      });
    },
  },
  {
    defect: 'its close throws away what it had taken',
    caughtBy: 'its close sends',
    complaint: /thrown away by close/,
    spoil: (transport) => {
      let waiting: Datagram[] = [];
      return decorated(transport, {
        send: (datagram) => {
          waiting.push(datagram);
          queueMicrotask(() => {
            for (const each of waiting.splice(0)) transport.send(each);
          });
          return true;
        },
        close: () => {
          waiting = [];
          return transport.close();
        },
      });
    },
  },
  {
    defect: 'one that was not started cannot be closed',
    caughtBy: 'never started',
    complaint: /the socket is undefined/,
    spoil: (transport) => {
      let isStarted = false;
      return decorated(transport, {
        start: async (receiver) => {
          isStarted = true;
          await transport.start(receiver);
        },
        close: async () => {
          if (!isStarted) throw new TypeError('the socket is undefined');
          await transport.close();
        },
      });
    },
  },
  {
    defect: 'it hears only the slots that it was told of first',
    caughtBy: 'wanted later',
    complaint: /did not arrive/,
    spoil: (transport) => {
      let first: ReadonlySet<string> | undefined;
      const selective = decorated(transport, {
        want: (slots) => {
          first ??= slots;
        },
      });
      return hearing((receiver) => ({
        received: (datagram, origin) => {
          if (first?.has(datagram.slot)) receiver.received(datagram, origin);
        },
      }))(selective);
    },
  },
  {
    defect: 'all domains are one',
    caughtBy: 'another domain',
    complaint: /which nobody of its domain sent/,
    spoil: (transport) => transport,
    domain: 'OFFICE',
  },
  {
    defect: 'names of computers are compared by their spelling',
    caughtBy: 'reaches every instance',
    complaint: /did not arrive/,
    spoil: (transport, computer) =>
      hearing((receiver) => ({
        received: (datagram, origin) => {
          if (datagram.to.kind === 'domain' || datagram.to.name === computer)
            receiver.received(datagram, origin);
        },
      }))(transport),
  },
  {
    defect: 'it knows three senders at most',
    caughtBy: 'many senders',
    complaint: /did not arrive/,
    spoil: (transport) => {
      const known = new Set<string>();
      return hearing((receiver) => ({
        received: (datagram, origin) => {
          if (known.size < 3) known.add(datagram.from);
          if (known.has(datagram.from)) receiver.received(datagram, origin);
        },
      }))(transport);
    },
  },
  {
    defect: 'what it can do is known only after its start',
    caughtBy: 'it says what it can do',
    complaint: /maxMessageSize/,
    spoil: (transport) => {
      const { capabilities } = transport;
      let maxMessageSize = 0;
      const late = decorated(transport, {
        start: async (receiver) => {
          maxMessageSize = capabilities.maxMessageSize;
          await transport.start(receiver);
        },
      });
      return Object.defineProperty(late, 'capabilities', {
        get: () => ({ ...capabilities, maxMessageSize }),
      });
    },
  },
];
