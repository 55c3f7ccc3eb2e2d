/// <reference types="node" preserve="true" />
export type { Alarm, Clock } from './ports/clock.js';
export type { Random } from './ports/random.js';
export type { ConformanceCase } from './testing/conformance/case.js';
export type { Medium } from './testing/conformance/medium.js';
export { conformanceCases, runConformanceCase, transportConformance } from './testing/conformance/suite.js';
export { BAD_DAY, CALM, type Impairments } from './testing/impairments.js';
export { SeededRandom } from './testing/seeded-random.js';
export {
  type EndOptions,
  type NetworkOptions,
  type NetworkStatistics,
  SimulatedNetwork,
} from './testing/simulated-network.js';
export { SkewedClock } from './testing/skewed-clock.js';
export { VirtualClock } from './testing/virtual-clock.js';
export type { Addressee, Datagram, Identity } from './transport/datagram.js';
export { limited, type RateOptions } from './transport/limited.js';
export { type LossOptions, lossy } from './transport/lossy.js';
export { type TraceEvent, traced } from './transport/traced.js';
export type { Capabilities, Origin, Receiver, Transport, TransportDrop } from './transport/transport.js';
