import type { PageComputer } from '@mailslot/web/api';
import { type ComputerEntry, listComputers, watchComputers } from 'mailslot';
import type { PageNetwork } from './messenger.js';

/** How long after a failure the redirector is asked again, and how long several events of it count as one. */
const AGAIN_MS = 3_000;
const TOGETHER_MS = 200;

/** Of what network, and whose redirector is asked for its computers. */
export interface NetworkOptions {
  readonly computer: string;
  /** Null: in no domain, and nobody is asked. */
  readonly domain: string | null;
  readonly root?: string | undefined;
}

/** The computers of the primary domain, as long as the signal lets it follow them. */
export function followNetwork(options: NetworkOptions, signal: AbortSignal): PageNetwork {
  const network = new Network(options, signal);
  if (options.domain !== null) void network.follow();
  return network;
}

class Network implements PageNetwork {
  readonly computer: string;
  readonly domain: string | null;
  readonly #root: string | undefined;
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<() => void>();
  #computers: readonly PageComputer[];
  #looking: Promise<void> | undefined;

  constructor({ computer, domain, root }: NetworkOptions, signal: AbortSignal) {
    this.computer = computer;
    this.domain = domain;
    this.#root = root;
    this.#signal = signal;
    this.#computers = [
      { name: computer, domain: domain ?? '', state: 'here', since: Date.now(), isThis: true },
    ];
  }

  computers(): readonly PageComputer[] {
    return this.#computers;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async follow(): Promise<void> {
    const where = { root: this.#root, signal: this.#signal };
    while (!this.#signal.aborted) {
      try {
        this.#take(await listComputers(where));
        // Of what happened until the events began, too.
        this.#lookSoon();
        for await (const _ of watchComputers(where)) this.#lookSoon();
      } catch {
        // The redirector ends, or cannot be had just now: what was known last stays.
      }
      await pause(AGAIN_MS, this.#signal);
    }
  }

  #lookSoon(): void {
    this.#looking ??= pause(TOGETHER_MS, this.#signal).then(async () => {
      this.#looking = undefined;
      await listComputers({ root: this.#root, signal: this.#signal }).then(
        (entries) => this.#take(entries),
        () => {},
      );
    });
  }

  #take(entries: readonly ComputerEntry[]): void {
    const own = this.computer.toUpperCase();
    this.#computers = entries
      .filter(({ domain }) => domain.toUpperCase() === this.domain?.toUpperCase())
      .map(({ name, domain, state, since }) => ({
        name,
        domain,
        state,
        since,
        isThis: name.toUpperCase() === own,
      }));
    for (const listener of this.#listeners) listener();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(alarm);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const alarm = setTimeout(done, ms).unref();
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
