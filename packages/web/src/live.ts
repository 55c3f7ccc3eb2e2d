import type { Change, PageNote } from './api.js';
import { type Client, RequestError } from './client.js';
import { eventsOf, type StreamEvent } from './event-stream.js';
import { apply, type Connection, connection, state } from './store.js';
import type { Tabs, Told } from './tabs.js';

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

/** Follows the server for ever, by itself or by what another tab tells; ends only when it refuses the token. */
export async function follow(client: Client, tabs: Tabs, listener: Listener): Promise<void> {
  const live = new Live(client, tabs, listener);
  tabs.hear((told) => live.hear(told));
  tabs.tell({ kind: 'asked' });
  await live.begin();
  await tabs.alone((signal) => live.lead(signal));
}

class Live {
  readonly #client: Client;
  readonly #tabs: Tabs;
  readonly #listener: Listener;
  #loading: Promise<void> | undefined;
  /** What another tab told while everything was loaded anew. */
  #waiting: Told[] = [];
  #isLeading = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, tabs: Tabs, listener: Listener) {
    this.#client = client;
    this.#tabs = tabs;
    this.#listener = listener;
  }

  /** Loads everything once, so that the page has something to show whoever follows the events. */
  async begin(): Promise<void> {
    for (let failures = 0; state.value === undefined; failures += 1) {
      try {
        await this.#reload();
      } catch (error) {
        if (isRefusal(error)) return this.#become('refused');
        this.#become(connectionAfter(failures));
        await backoff(failures);
      }
    }
    this.#become('live');
    this.#watchSilence();
  }

  /** Another tab tells. */
  hear(told: Told): void {
    this.#watchSilence();
    if (told.kind === 'asked') {
      if (this.#isLeading) this.#tabs.tell({ kind: 'connection', connection: connection.value });
    } else if (this.#loading !== undefined) this.#waiting.push(told);
    else if (told.kind === 'connection') connection.value = told.connection;
    else this.#hearEvent(told.run, told.event);
  }

  /** The tab that follows passes on that the server says something every 15 s. */
  #watchSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (!this.#isLeading) this.#tabs.takeOver();
    }, SILENCE_MS);
  }

  #hearEvent(run: string, event: StreamEvent): void {
    const now = state.value;
    if (now === undefined || event.type === 'heartbeat') return;
    const sequence = Number(event.id);
    const isNext = event.type === 'change' && run === now.run && sequence === now.sequence + 1;
    if (isNext) this.#take(JSON.parse(event.data), sequence);
    else if (event.type !== 'change' || run !== now.run || sequence > now.sequence)
      void this.#reloadAfterAll();
  }

  /** Something was missed: the tab that follows will notice if the server is gone. */
  async #reloadAfterAll(): Promise<void> {
    await this.#reload().catch(() => {});
  }

  /** Follows the events for all tabs; ends only when the server refuses the token. */
  async lead(signal: AbortSignal): Promise<void> {
    this.#isLeading = true;
    signal.addEventListener('abort', () => {
      this.#isLeading = false;
    });
    for (let failures = 0; !signal.aborted && connection.value !== 'refused'; failures += 1) {
      try {
        await this.#once(signal, () => {
          failures = 0;
          this.#become('live');
        });
      } catch (error) {
        if (isRefusal(error)) return this.#become('refused');
      }
      if (signal.aborted) return;
      this.#become(connectionAfter(failures));
      await backoff(failures);
    }
  }

  /** One connection, to its end. */
  async #once(signal: AbortSignal, onLive: () => void): Promise<void> {
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort());
    let alarm = setTimeout(() => stop.abort(), SILENCE_MS);
    try {
      if (state.value === undefined) await this.#reload();
      const { run, sequence } = state.value!;
      for await (const event of eventsOf(await this.#client.events(run, sequence, stop.signal))) {
        clearTimeout(alarm);
        alarm = setTimeout(() => stop.abort(), SILENCE_MS);
        onLive();
        this.#tabs.tell({ kind: 'event', run, event });
        if (event.type === 'gap') return await this.#reload();
        if (event.type === 'change') this.#take(JSON.parse(event.data), Number(event.id));
      }
    } finally {
      clearTimeout(alarm);
      stop.abort();
    }
  }

  /** Once at a time; what is told meanwhile is taken behind it. */
  #reload(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      for (const told of this.#waiting.splice(0)) this.hear(told);
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    state.value = await this.#client.state();
    await this.#listener.reloaded();
  }

  #take(change: Change, sequence: number): void {
    apply(change);
    if (state.value !== undefined) state.value = { ...state.value, sequence };
    if (change.notes !== undefined) this.#listener.came(change.notes);
  }

  #become(now: Connection): void {
    if (this.#isLeading && now !== connection.value) this.#tabs.tell({ kind: 'connection', connection: now });
    connection.value = now;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof RequestError && error.status === 401;
}

function connectionAfter(failures: number): Connection {
  if (failures >= GONE_AFTER) return 'gone';
  return state.value === undefined && failures === 0 ? 'connecting' : 'lost';
}

/** Waits, but not when the computer is back on a network or somebody looks at the page again. */
function backoff(failures: number): Promise<void> {
  const ms = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
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
