import type { Datagram } from './datagram.js';
import { decorated, decoratedReceiver } from './decorated.js';
import type { Origin, Transport, TransportDrop } from './transport.js';

/** What happens at a transport. */
export type TraceEvent =
  | { readonly kind: 'started' | 'room' | 'closed' }
  /** `taken` is what `send` answered. */
  | { readonly kind: 'sent'; readonly datagram: Datagram; readonly taken: boolean }
  | { readonly kind: 'received'; readonly datagram: Datagram; readonly origin: Origin }
  | { readonly kind: 'dropped'; readonly reason: TransportDrop; readonly count: number }
  | { readonly kind: 'wanted'; readonly slots: ReadonlySet<string> };

/** The same transport, and a listener is told of all that it does. What comes in is told before it is handed on. */
export function traced(transport: Transport, listener: (event: TraceEvent) => void): Transport {
  return decorated(transport, {
    start: async (receiver) => {
      const told = decoratedReceiver(receiver, {
        received: (datagram, origin) => {
          listener({ kind: 'received', datagram, origin });
          receiver.received(datagram, origin);
        },
        dropped: (reason, count) => {
          listener({ kind: 'dropped', reason, count });
          receiver.dropped(reason, count);
        },
        hasRoom: () => {
          listener({ kind: 'room' });
          receiver.hasRoom();
        },
      });
      await transport.start(told);
      listener({ kind: 'started' });
    },
    send: (datagram) => {
      const taken = transport.send(datagram);
      listener({ kind: 'sent', datagram, taken });
      return taken;
    },
    want: (slots) => {
      listener({ kind: 'wanted', slots });
      transport.want(slots);
    },
    close: async () => {
      await transport.close();
      listener({ kind: 'closed' });
    },
  });
}
