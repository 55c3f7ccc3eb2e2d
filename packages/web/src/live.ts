import type { Change, PageNote, PageState } from './api.js';
import { type Client, RequestError } from './client.js';
import { eventsOf } from './event-stream.js';
import { apply, type Connection, connection, state } from './store.js';

/** The server says something every 15 s. Who hears nothing for longer is not connected, whatever the browser believes. */
const SILENCE_MS = 40_000;

/** How long to wait before the next try. The server is on this computer: being asked costs it nothing. */
const RETRY_MS = [250, 500, 1_000, 2_000, 3_000];

/** After so many tries the messenger may well run elsewhere: without a port of its own it has a new link each time. */
const GONE_AFTER = RETRY_MS.length;

/** What the rest of the page does with what came. */
interface Listener {
  /** Everything is new: the first time, and when more was missed than the server keeps. */
  reloaded(): Promise<void>;
  came(notes: readonly PageNote[]): void;
}

/** Follows the server for ever; ends only when it refuses the token. */
export async function follow(client: Client, listener: Listener): Promise<void> {
  let failures = 0;
  while (true) {
    try {
      await once(client, listener, () => {
        failures = 0;
        connection.value = 'live';
      });
    } catch (error) {
      if (error instanceof RequestError && error.status === 401) {
        connection.value = 'refused';
        return;
      }
    }
    connection.value = connectionAfter(failures);
    await backoff(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!);
    failures += 1;
  }
}

function connectionAfter(failures: number): Connection {
  if (failures >= GONE_AFTER) return 'gone';
  return state.value === undefined && failures === 0 ? 'connecting' : 'lost';
}

/** One connection, to its end. */
async function once(client: Client, listener: Listener, onLive: () => void): Promise<void> {
  const stop = new AbortController();
  let alarm = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    if (state.value === undefined) await reload(client, listener);
    const { run, sequence } = state.value as unknown as PageState;
    for await (const event of eventsOf(await client.events(run, sequence, stop.signal))) {
      clearTimeout(alarm);
      alarm = setTimeout(() => stop.abort(), SILENCE_MS);
      onLive();
      if (event.type === 'gap') return await reload(client, listener);
      if (event.type === 'change') take(JSON.parse(event.data), Number(event.id), listener);
    }
  } finally {
    clearTimeout(alarm);
    stop.abort();
  }
}

async function reload(client: Client, listener: Listener): Promise<void> {
  state.value = await client.state();
  await listener.reloaded();
}

function take(change: Change, sequence: number, listener: Listener): void {
  apply(change);
  if (state.value !== undefined) state.value = { ...state.value, sequence };
  if (change.notes !== undefined) listener.came(change.notes);
}

/** Waits, but not when the computer is back on a network or somebody looks at the page again. */
function backoff(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(alarm);
      removeEventListener('focus', done);
      resolve();
    };
    const alarm = setTimeout(done, ms);
    addEventListener('focus', done);
  });
}
