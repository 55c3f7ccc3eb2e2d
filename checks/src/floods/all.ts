import { announcements } from './arrivals.js';
import { cliInput } from './cli-input.js';
import { idleClients } from './clients.js';
import { messengerDeliveries } from './deliveries.js';
import type { Flood } from './flood.js';
import { keptMemory } from './kept.js';
import { listTime } from './list.js';
import { natsFloods } from './nats.js';
import { newcomers } from './newcomers.js';
import { pageConnections } from './page.js';
import { probeAnswers } from './probes.js';
import { queueMemory } from './queue.js';
import { redirectorFloods } from './redirector.js';

/** Every flood; [the page](../../../docs/internals/limits.md) has a row for each. */
export const floods: readonly Flood[] = [
  queueMemory,
  keptMemory,
  idleClients,
  announcements,
  listTime,
  ...natsFloods,
  messengerDeliveries,
  newcomers,
  pageConnections,
  ...cliInput,
  ...redirectorFloods,
  probeAnswers,
];
