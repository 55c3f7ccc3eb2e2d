import { apiCanaries } from './api.js';
import { benchCanaries } from './bench.js';
import type { Canary } from './canary.js';
import { chaosCanaries } from './chaos.js';
import { cliCanaries } from './cli.js';
import { conformanceCanaries } from './conformance.js';
import { domainCanaries } from './domains.js';
import { floodCanaries } from './floods.js';
import { lanCanaries } from './lan.js';
import { messengerCanaries } from './messenger.js';
import { msfsCanaries } from './msfs.js';
import { nameCanaries } from './name.js';
import { packagingCanaries } from './packaging.js';
import { pageCanaries } from './page.js';
import { redirectorCanaries } from './redirector.js';
import { serverCanaries } from './server.js';
import { simulationCanaries } from './simulation.js';

/** All of them; `npm run canaries -- PART` tries those whose names hold PART. */
export const canaries: readonly Canary[] = [
  ...nameCanaries,
  ...msfsCanaries,
  ...serverCanaries,
  ...floodCanaries,
  ...chaosCanaries,
  ...apiCanaries,
  ...conformanceCanaries,
  ...benchCanaries,
  ...domainCanaries,
  ...lanCanaries,
  ...redirectorCanaries,
  ...simulationCanaries,
  ...messengerCanaries,
  ...pageCanaries,
  ...packagingCanaries,
  ...cliCanaries,
];
