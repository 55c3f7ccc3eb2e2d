import { CALM, type Impairments } from '../impairments.js';
import { SimulatedNetwork } from '../simulated-network.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Medium } from './medium.js';
import { transportConformance } from './suite.js';

function simulated(
  impairments: Partial<Impairments>,
  interfaces: readonly string[],
  attempts: number,
): Medium {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork({ clock, seed: 7, impairments });
  return {
    transport: (domain, computer) => network.transport({ domain, computer, interfaces }),
    settle: () => clock.pass(100),
    attempts,
  };
}

transportConformance('simulated, calm', () => simulated(CALM, ['lan'], 1));

transportConformance('simulated, on a bad day', () => simulated({}, ['lan'], 20));

transportConformance('simulated, two LANs between the same computers', () =>
  simulated(CALM, ['lan', 'wifi'], 1),
);

const storm = { loss: 0.4, duplication: 0.3, reordering: 0.5, heldMs: 90, maxDelayMs: 80, strays: 0.5 };
transportConformance('simulated, in a storm', () => simulated(storm, ['lan', 'wifi'], 30));
