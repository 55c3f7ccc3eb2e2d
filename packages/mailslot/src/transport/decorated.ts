import type { Receiver, Transport } from './transport.js';

/** The same transport, but for what is replaced. */
export function decorated(
  transport: Transport,
  replaced: Partial<Pick<Transport, 'start' | 'send' | 'want' | 'close'>>,
): Transport {
  return {
    name: transport.name,
    capabilities: transport.capabilities,
    get hindrance() {
      return transport.hindrance;
    },
    start: (receiver) => transport.start(receiver),
    send: (datagram) => transport.send(datagram),
    want: (slots) => transport.want(slots),
    close: () => transport.close(),
    ...(transport.limitTo && {
      limitTo: (to, slot) => transport.limitTo?.(to, slot) ?? transport.capabilities.maxMessageSize,
    }),
    ...(transport.provenTo && {
      provenTo: (to, slot) => transport.provenTo?.(to, slot) ?? transport.capabilities.maxMessageSize,
    }),
    ...(transport.reaches && { reaches: (to) => transport.reaches?.(to) ?? true }),
    ...replaced,
  };
}

/** The same receiver, but for what is replaced; what it does not offer, this one does not. */
export function decoratedReceiver(receiver: Receiver, replaced: Partial<Receiver>): Receiver {
  return {
    received: (datagram, origin) => receiver.received(datagram, origin),
    dropped: (reason, count) => receiver.dropped(reason, count),
    hasRoom: () => receiver.hasRoom(),
    ...(receiver.together && { together: (receive) => receiver.together?.(receive) }),
    ...(receiver.connected && { connected: (isConnected) => receiver.connected?.(isConnected) }),
    ...replaced,
  };
}
