import { type Clock, realClock } from './clock.js';
import { type Log, realLog } from './log.js';
import { type Random, realRandom } from './random.js';

/** The outside world that is not files and sockets: handed in, so that a test can hand in another. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export const realPorts: Ports = { clock: realClock, random: realRandom, log: realLog };
