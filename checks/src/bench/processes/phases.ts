/** What a run brought over. */
export interface Throughput {
  /** Messages a second that arrived, all readers together. */
  readonly perSecond: number;
  /** CPU for one of them, of readers and writers together, in microseconds. */
  readonly cpuMicros: number;
}

/** A number of messages sent and received, and how long that took. */
export interface Phase extends Throughput {
  readonly seconds: number;
}

/** How long to measure: a time, or a number of messages for each connection. */
export type Extent = { readonly seconds: number } | { readonly messages: number };

/** Messages of the first phase, on each connection at least one. */
const FIRST_MESSAGES = 200;
const GROWTH_MAX = 8;
/** A phase that took this share of the time was long enough: the code is warm, and the number of messages known. */
const LONG_ENOUGH = 0.6;
const PHASES_MAX = 16;
const MESSAGES_MAX = 100_000_000;

/**
 * Measures as long as `extent` says: `phase` sends that many messages on each of the connections and waits until all
 * of them have arrived. To fill a time, phases grow until one fills it; only that one counts.
 */
export async function measured(
  extent: Extent,
  connections: number,
  phase: (messages: number) => Promise<Phase>,
): Promise<Throughput> {
  const { perSecond, cpuMicros } = await ('messages' in extent
    ? phase(extent.messages)
    : filling(extent.seconds));
  return { perSecond, cpuMicros };

  async function filling(seconds: number): Promise<Phase> {
    let messages = Math.ceil(FIRST_MESSAGES / connections);
    // Never counts: who reads may still be busy admitting who writes.
    let last = await phase(messages);
    for (let phases = 1; phases < PHASES_MAX; phases += 1) {
      const enough = (messages * seconds) / last.seconds;
      messages = Math.ceil(Math.min(messages * GROWTH_MAX, enough, MESSAGES_MAX / connections));
      last = await phase(messages);
      if (last.seconds >= seconds * LONG_ENOUGH) break;
    }
    return last;
  }
}
