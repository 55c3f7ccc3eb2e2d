import type { PageComputer } from '@mailslot/web/api';
import { type ComputerEntry, listComputers, watchComputers } from 'mailslot';
import { primaryDomain } from '../network/primary-domain.js';
import type { PageNetwork } from './messenger.js';

/** How long after a failure the redirector is asked again, how often for its domain, how long several events are one. */
const AGAIN_MS = 3_000;
const DOMAIN_MS = 2_000;
const TOGETHER_MS = 200;

/** Of what network, and whose redirector is asked for its computers. */
export interface NetworkOptions {
  /** What this computer is called now. */
  readonly computer: () => string;
  /** Null: in no domain. */
  readonly domain: string | null;
  readonly root?: string | undefined;
}

/** The primary domain, which may become another one, and its computers, as long as the signal lets it follow them. */
export function followNetwork(options: NetworkOptions, signal: AbortSignal): PageNetwork {
  const network = new Network(options, signal);
  void network.follow();
  void network.followDomain();
  return network;
}

class Network implements PageNetwork {
  readonly #computer: () => string;
  #domain: string | null;
  /** Ends what follows the computers of a domain that is not ours any more. */
  #otherDomain = new AbortController();
  readonly #root: string | undefined;
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<() => void>();
  #computers: readonly PageComputer[];
  #looking: Promise<void> | undefined;

  constructor({ computer, domain, root }: NetworkOptions, signal: AbortSignal) {
    this.#computer = computer;
    this.#domain = domain;
    this.#root = root;
    this.#signal = signal;
    this.#computers = this.#alone();
  }

  get domain(): string | null {
    return this.#domain;
  }

  #alone(): readonly PageComputer[] {
    const domain = this.#domain ?? '';
    return [{ name: this.#computer(), domain, state: 'here', since: Date.now(), isThis: true }];
  }

  computers(): readonly PageComputer[] {
    return this.#computers;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async follow(): Promise<void> {
    while (!this.#signal.aborted) {
      const signal = AbortSignal.any([this.#signal, this.#otherDomain.signal]);
      const where = { root: this.#root, signal };
      try {
        this.#take(await listComputers(where));
        // Of what happened until the events began, too.
        this.#lookSoon();
        for await (const _ of watchComputers(where)) this.#lookSoon();
      } catch {
        // The redirector ends, or cannot be had just now: what was known last stays.
      }
      await delay(AGAIN_MS, signal);
    }
  }

  /** `mailslot key new` changes it under us, and what is sent to everybody goes to the new one from then on. */
  async followDomain(): Promise<void> {
    while (!this.#signal.aborted) {
      await delay(DOMAIN_MS, this.#signal);
      try {
        this.#moveTo((await primaryDomain(this.#root)) ?? null);
      } catch {
        // A configuration that is being written, or is wrong: what was known last stays.
      }
    }
  }

  #moveTo(domain: string | null): void {
    if (domain === this.#domain || this.#signal.aborted) return;
    this.#domain = domain;
    this.#computers = this.#alone();
    const before = this.#otherDomain;
    this.#otherDomain = new AbortController();
    before.abort();
    this.#tell();
  }

  #lookSoon(): void {
    this.#looking ??= delay(TOGETHER_MS, this.#signal).then(async () => {
      this.#looking = undefined;
      await listComputers({ root: this.#root, signal: this.#signal }).then(
        (entries) => this.#take(entries),
        () => {},
      );
    });
  }

  #take(entries: readonly ComputerEntry[]): void {
    if (this.#domain === null) return;
    const own = this.#computer().toUpperCase();
    this.#computers = entries
      .filter(({ domain }) => domain.toUpperCase() === this.#domain?.toUpperCase())
      .map(({ name, domain, state, since }) => ({
        name,
        domain,
        state,
        since,
        isThis: name.toUpperCase() === own,
      }));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
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
