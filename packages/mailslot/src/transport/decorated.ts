import type { Transport } from './transport.js';

/** The same transport, but for what is replaced. */
export function decorated(
  transport: Transport,
  replaced: Partial<Pick<Transport, 'start' | 'send' | 'want' | 'close'>>,
): Transport {
  return {
    name: transport.name,
    capabilities: transport.capabilities,
    start: (receiver) => transport.start(receiver),
    send: (datagram) => transport.send(datagram),
    want: (slots) => transport.want(slots),
    close: () => transport.close(),
    ...replaced,
  };
}
