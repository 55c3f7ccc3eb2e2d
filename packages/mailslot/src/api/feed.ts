import type { Socket } from 'node:net';
import { callAt } from '../daemon-client/call.js';
import { reachRedirector } from '../daemon-client/ensure.js';
import { locateRedirector } from '../daemon-client/locate.js';
import { inNoDomain } from '../daemon-client/no-domain.js';
import { MailslotError } from '../errors.js';
import { FEED_RETRY_MAX_MS, FEED_RETRY_MS } from '../limits.js';
import { hungUp } from '../msfs/client/connect.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import type { ConnectFeed, Feed } from '../msfs/server/slot.js';
import type { Remote } from '../name/remote.js';
import type { Scope } from '../name/scope.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';

/** Which slot to feed, and from where. */
export interface FeedOptions {
  /** The slot's path. */
  readonly slot: string;
  readonly remote: Exclude<Remote, 'none'>;
  readonly scope: Scope;
  /** `join`: for the slot of a member, what is for all people of the computer. Default: what is for the slot. */
  readonly ask?: 'attach' | 'join' | undefined;
  /** Told what the redirector calls this computer, whenever it has agreed. */
  readonly onComputer?: ((computer: string) => void) | undefined;
  readonly slots: SlotFinder;
  readonly ports: Ports;
}

/** Connects a slot to the redirector, and again whenever that has ended, starting it if need be. */
export function feedFrom(options: FeedOptions): ConnectFeed {
  return (serve) => new SlotFeed(serve, options);
}

class SlotFeed implements Feed {
  readonly ready: Promise<void>;
  private readonly serve: (socket: Socket) => void;
  private readonly options: FeedOptions;
  private readonly name: SlotName;
  private readonly closing = new AbortController();
  /** Where the redirector was that was tried last; one that comes has a place of its own. */
  private tried: string | undefined;
  private stopWaiting: () => void = () => {};
  private failures = 0;
  private hasWarned = false;

  constructor(serve: (socket: Socket) => void, options: FeedOptions) {
    this.serve = serve;
    this.options = options;
    this.name = parseName(options.slot);
    this.ready = this.connect();
  }

  close(): void {
    this.closing.abort();
    this.stopWaiting();
  }

  private async connect(): Promise<void> {
    const { slot, remote, scope, slots, ports, ask = 'attach', onComputer } = this.options;
    const { signal } = this.closing;
    this.tried = this.redirector();
    try {
      const path = await reachRedirector(slots, ports, signal);
      this.tried = path;
      const question = { do: ask, slot, remote, scope, pid: process.pid };
      const { socket, answer } = await callAt(path, question, ports, signal, (mark) =>
        slots.mark(this.name, mark),
      );
      // Since the search it may have ended, and somebody else have answered in its place.
      if (locateRedirector(slots) !== path) {
        socket.destroy();
        throw hungUp('the redirector');
      }
      // The mark has done its work; cleaners of old files must not think the slot forgotten.
      slots.mark(this.name, ports.clock.now() / 1000);
      this.failures = 0;
      if (typeof answer['computer'] === 'string') onComputer?.(answer['computer']);
      socket.once('close', () => this.connectLater());
      // It hears other computers from when the redirector is told of a domain. People are reached in none, too.
      if (ask === 'attach' && isEmpty(answer['domains'])) this.warn(inNoDomain());
      this.serve(socket);
    } catch (error) {
      if (signal.aborted) return;
      this.failures += 1;
      this.warn(error);
      this.connectLater();
    }
  }

  /**
   * At once after the redirector has ended or another has come; else ever later: whoever misses it starts it, and the
   * system may not tell that one came.
   */
  private connectLater(): void {
    if (this.closing.signal.aborted) return;
    const { clock } = this.options.ports;
    const ms = this.failures === 0 ? 0 : Math.min(FEED_RETRY_MS * 2 ** this.failures, FEED_RETRY_MAX_MS);
    const connect = (): void => {
      this.stopWaiting();
      void this.connect();
    };
    const alarm = clock.afterIdle(ms, connect);
    const stopWatching = ms === 0 ? () => {} : this.watch(connect);
    this.stopWaiting = () => {
      alarm.cancel();
      stopWatching();
      this.stopWaiting = () => {};
    };
    if (ms > 0 && this.hasCome()) connect();
  }

  /** Calls `come` whenever another redirector than the one that was tried has come. */
  private watch(come: () => void): () => void {
    try {
      return this.options.slots.watch(() => this.hasCome() && come());
    } catch {
      // No root to watch: the alarm stays.
      return () => {};
    }
  }

  private hasCome(): boolean {
    const now = this.redirector();
    return now !== undefined && now !== this.tried;
  }

  /** Where a redirector is that may be asked. */
  private redirector(): string | undefined {
    try {
      return locateRedirector(this.options.slots);
    } catch {
      return undefined;
    }
  }

  /** Once: a slot that was meant for other computers is not found by them. */
  private warn(error: unknown): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    const reason = error instanceof MailslotError ? error.message : String(error);
    this.options.ports.log.warn(
      `the mailslot ${this.options.slot} hears nothing from other computers for now: ${reason}`,
    );
  }
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}
