import type { Clock } from 'mailslot/testing';
import type { History } from './history.js';
import type { Registry } from './model/registry.js';
import type { Recorder } from './recorder.js';
import type { Setup } from './setup.js';

/** What a computer finds around it, and where it puts what it has seen. */
export interface Context {
  readonly setup: Setup;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly history: History;
  /** Whether all counters are compared after each datagram, which takes long. */
  readonly isThorough: boolean;
  /** Datagrams that redirectors were given. */
  heard: number;
  /** Datagrams that came when nobody was there to hear them. */
  missed: number;
  /** Messages that slots took. */
  delivered: number;
}
