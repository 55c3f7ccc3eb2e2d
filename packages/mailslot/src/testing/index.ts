/// <reference types="node" />
export type { Alarm, Clock } from '../ports/clock.js';
export type { Random } from '../ports/random.js';
export type { Addressee, Datagram, Identity } from '../transport/datagram.js';
export { limited, type RateOptions } from '../transport/limited.js';
export { type LossOptions, lossy } from '../transport/lossy.js';
export { type TraceEvent, traced } from '../transport/traced.js';
export type { Capabilities, Origin, Receiver, Transport, TransportDrop } from '../transport/transport.js';
export type { ConformanceCase } from './conformance/case.js';
export type { Medium } from './conformance/medium.js';
export { conformanceCases, runConformanceCase, transportConformance } from './conformance/suite.js';
export { BAD_DAY, CALM, type Impairments } from './impairments.js';
export { SeededRandom } from './seeded-random.js';
export {
  type EndOptions,
  type NetworkOptions,
  type NetworkStatistics,
  SimulatedNetwork,
} from './simulated-network.js';
export { SkewedClock } from './skewed-clock.js';
export { VirtualClock } from './virtual-clock.js';
