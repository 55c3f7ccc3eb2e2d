import { EventEmitter, once } from 'node:events';
import type { NatsFactory, NatsSetup, NatsState } from '../config/nats-settings.js';
import { realPorts } from '../ports/ports.js';
import { CALM } from '../testing/impairments.js';
import { SimulatedNetwork } from '../testing/simulated-network.js';

/** A network beyond the LAN that loses nothing, in place of NATS. */
export interface FakeNats {
  readonly maker: NatsFactory;
  /** What each transport was made from, the latest last. */
  readonly setups: readonly NatsSetup[];
  /** Resolves when so many have been made. */
  made(count: number): Promise<void>;
}

export function fakeNats(): FakeNats {
  const network = new SimulatedNetwork({ clock: realPorts.clock, seed: 1, impairments: CALM });
  const setups: NatsSetup[] = [];
  const events = new EventEmitter();
  const maker: NatsFactory = (setup) => {
    setups.push(setup);
    events.emit('made');
    const { domain, computer, settings } = setup;
    const end = network.transport({ domain, computer, name: 'nats', capabilities: { reach: 'site' } });
    return Object.assign(end, { describe: () => ({ ...STATE, servers: settings.servers }) });
  };
  return {
    maker,
    setups,
    async made(count) {
      while (setups.length < count) await once(events, 'made');
    },
  };
}

const STATE: NatsState = {
  servers: [],
  state: 'connected',
  server: 'a.example:4222',
  serverVersion: '2.10.0',
  tls: true,
  sealed: true,
  keyInUse: '00000000',
  maxPayload: 1_048_576,
  rttMs: 1.5,
  reconnects: 0,
  problem: undefined,
  problemCode: undefined,
  refused: [],
  subscriptions: 0,
  sent: { packets: 0, bytes: 0, messages: 0, unsent: 0, doubtful: 0 },
  received: {
    packets: 0,
    bytes: 0,
    messages: 0,
    dropped: { malformed: 0, foreign: 0, forged: 0, replay: 0, flood: 0, 'too-large': 0 },
  },
  waiting: 0,
};
