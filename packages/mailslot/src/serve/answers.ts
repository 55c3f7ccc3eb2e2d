import type { Browser } from '../browser/browser.js';
import { DISCOVERY_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';
import type { Answers } from './door.js';
import { probeAll } from './probe.js';
import type { HouseStatus, Orders } from './status.js';

/** What can be asked at the door beside opening and attaching; each line of an answer is one object. */
export function answersOf(
  browser: Browser,
  status: () => HouseStatus,
  orders: Orders,
  clock: Clock,
): Answers {
  const startedAt = clock.monotonic();
  return {
    async *status() {
      yield { ...status() };
    },
    async *computers() {
      // One that has just started would show a LAN without computers.
      await afterwards(DISCOVERY_MS - (clock.monotonic() - startedAt), clock);
      yield { ok: true };
      yield* browser.computers();
    },
    watch: (_question, signal) => watched(browser, signal),
    async *probe(_question, signal) {
      yield { ok: true };
      yield* await probeAll(
        browser,
        status().domains.map(({ name }) => name),
        clock,
        signal,
      );
    },
    async *reload() {
      await orders.reload();
      yield { ok: true };
    },
    async *stop() {
      yield { ok: true };
      orders.stop();
    },
  };
}

function afterwards(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (ms > 0) clock.after(ms, resolve);
    else resolve();
  });
}

/** What happens to computers, from now on. */
async function* watched(browser: Browser, signal: AbortSignal): AsyncGenerator<object> {
  const events: object[] = [{ ok: true }];
  let wake = (): void => {};
  const stop = browser.watch((event) => {
    // Who does not read for so long has to begin anew.
    if (events.length < MAX_EVENTS) events.push(event);
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      const event = events.shift();
      if (event) yield event;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
  }
}

const MAX_EVENTS = 10_000;
