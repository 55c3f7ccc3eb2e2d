import { testRing } from '../packet/packet.test.support.js';
import { realPorts } from '../ports/ports.js';
import { type Medium, transportConformance } from '../testing.js';
import { type LanTransport, lanTransport } from './lan.js';
import { freePort } from './station.test.support.js';

/** On loopback what was sent is in the receivers' sockets at once: so many turns without a packet, and all is read. */
const QUIET_TURNS = 20;

transportConformance('lan', async (): Promise<Medium> => {
  const port = await freePort();
  const made: LanTransport[] = [];
  return {
    transport(domain) {
      const keys = testRing(1, domain);
      const transport = lanTransport({ domain, keys, interfaces: ['lo'], port }, realPorts);
      made.push(transport);
      return transport;
    },
    async settle() {
      let before = '';
      for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        const states = made.map((transport) => transport.describe());
        const now = states.map(({ sent, received }) => `${sent.packets} ${received.packets}`).join();
        if (now !== before || states.some(({ waiting }) => waiting > 0)) quiet = 0;
        before = now;
      }
    },
  };
});
