import { MailslotError } from '../errors.js';
import { MAX_ALIASES, NAME_RETRY_MAX_MS, NAME_RETRY_MS } from '../limits.js';
import type { Message } from '../msfs/message.js';
import type { Mailslot } from '../msfs/server/slot.js';
import type { Alarm } from '../ports/clock.js';
import { encodeBody, type WhoBody } from './body.js';
import { slotOf } from './name.js';
import { tooMany } from './names-file.js';
import { hearOn, type Surroundings } from './slots.js';
import { sendBack } from './ways.js';
import { hasSomebody, newId } from './who.js';

/** What a messenger has a name for. */
export type NameKind = 'computer' | 'user' | 'alias' | 'everybody';

/** One name of a messenger. */
export interface NameEntry {
  /** `*` where it is for everybody. */
  readonly name: string;
  readonly kind: NameKind;
  /** `taken`: another process of this computer has it, or for an alias another computer; it is tried again. `free`: nobody. */
  readonly state: 'yours' | 'taken' | 'free';
}

/** A name that this messenger has, or would like to have. */
interface Held {
  readonly name: string;
  readonly kind: NameKind;
  slot: Mailslot | undefined;
  /** Set while it asks whether somebody else has the name. */
  asking: { readonly id: string; readonly lost: AbortController } | undefined;
  retry: Alarm | undefined;
  tries: number;
}

/** The names of one messenger, each a slot. */
export class Names {
  private readonly from: string;
  private readonly around: Surroundings;
  private readonly hear: (name: string, message: Message) => void;
  private readonly held = new Map<string, Held>();
  private isClosed = false;

  constructor(from: string, around: Surroundings, hear: (name: string, message: Message) => void) {
    this.from = from;
    this.around = around;
    this.hear = hear;
  }

  entries(): NameEntry[] {
    return [...this.held.values()].map(({ name, kind, slot, asking }) => ({
      name,
      kind,
      state: slot !== undefined && asking === undefined ? 'yours' : 'taken',
    }));
  }

  /** Whether what comes for this name comes here. */
  has(name: string): boolean {
    const held = this.held.get(name);
    return held?.slot !== undefined && held.asking === undefined;
  }

  /** Takes a name now, or as soon as whoever has it gives it back. Rejects when the root cannot be used. */
  async want(name: string, kind: NameKind): Promise<void> {
    if (this.held.has(name)) return;
    const held = this.enter(name, kind);
    try {
      if (!(await this.claim(held))) this.retryLater(held);
    } catch (error) {
      this.held.delete(name);
      throw error;
    }
  }

  /** Takes a name, or rejects with `ERR_MAILSLOT_ALREADY_EXISTS`. */
  async add(name: string): Promise<void> {
    if (this.has(name)) return;
    if (this.held.has(name)) throw taken(name);
    const held = this.enter(name, 'alias');
    let isOurs = false;
    try {
      isOurs = await this.claim(held);
    } finally {
      if (!isOurs) this.held.delete(name);
    }
    if (!isOurs) throw taken(name);
  }

  /** Gives an alias back; false when there is none of that name. */
  async release(name: string): Promise<boolean> {
    const held = this.held.get(name);
    if (held?.kind !== 'alias') return false;
    this.held.delete(name);
    await giveUp(held);
    return true;
  }

  /** Somebody asks for a name of ours. */
  heardWho({ id, name, reply }: WhoBody, computer: string | undefined): void {
    const held = this.held.get(name);
    if (held?.slot === undefined || held.asking?.id === id) return;
    // Of two that ask at once the lower number gets it; nobody else would tell them apart.
    if (held.asking !== undefined && id < held.asking.id) {
      held.asking.lost.abort();
      return;
    }
    const time = this.around.ports.clock.now();
    const body = encodeBody({ kind: 'mine', from: this.from, time, of: id, name });
    // Who asks may be gone by now.
    sendBack(computer, reply, body, this.around).catch(() => {});
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const all = [...this.held.values()];
    this.held.clear();
    await Promise.all(all.map(giveUp));
  }

  private enter(name: string, kind: NameKind): Held {
    const aliases = [...this.held.values()].filter((each) => each.kind === 'alias');
    if (kind === 'alias' && aliases.length >= MAX_ALIASES) throw tooMany();
    const held: Held = { name, kind, slot: undefined, asking: undefined, retry: undefined, tries: 0 };
    this.held.set(name, held);
    return held;
  }

  /** False: somebody else has it. */
  private async claim(held: Held): Promise<boolean> {
    const { name, kind } = held;
    const asking = kind === 'alias' ? this.question() : undefined;
    held.asking = asking;
    try {
      const slot = await hearOn(slotOf(name), this.around, (message) => this.hear(name, message));
      held.slot = slot;
      const isLost = asking !== undefined && (await this.ask(held, asking));
      // It may have been given back, or all closed, meanwhile.
      if (!isLost && this.held.get(name) === held) return true;
      held.slot = undefined;
      await slot.close();
      return false;
    } catch (error) {
      const code = error instanceof MailslotError ? error.code : undefined;
      if (code === 'ERR_MAILSLOT_ALREADY_EXISTS' || code === 'ERR_MAILSLOT_ACCESS_DENIED') return false;
      throw error;
    } finally {
      held.asking = undefined;
    }
  }

  private question(): { readonly id: string; readonly lost: AbortController } {
    return { id: newId(this.around.ports.random), lost: new AbortController() };
  }

  private ask({ name }: Held, { id, lost }: { id: string; lost: AbortController }): Promise<boolean> {
    return hasSomebody({ id, name, from: this.from, lost: lost.signal }, this.around);
  }

  private retryLater(held: Held): void {
    if (this.isClosed || this.held.get(held.name) !== held) return;
    const ms = Math.min(NAME_RETRY_MS * 2 ** held.tries, NAME_RETRY_MAX_MS);
    // A slot of this computer costs a look, and an alias a question to all.
    if (held.kind === 'alias') held.tries += 1;
    held.retry = this.around.ports.clock.afterIdle(ms, () => {
      this.claim(held).then(
        (isOurs) => isOurs || this.retryLater(held),
        () => this.retryLater(held),
      );
    });
  }
}

async function giveUp(held: Held): Promise<void> {
  held.retry?.cancel();
  held.asking?.lost.abort();
  const { slot } = held;
  held.slot = undefined;
  await slot?.close();
}

export function taken(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_ALREADY_EXISTS',
    `the name ${name} is taken, on this computer or another one; choose another name`,
  );
}
