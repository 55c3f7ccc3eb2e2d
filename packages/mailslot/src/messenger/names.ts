import { MailslotError } from '../errors.js';
import { MAX_ALIASES, NAME_RETRY_MAX_MS, NAME_RETRY_MS } from '../limits.js';
import type { Message } from '../msfs/message.js';
import { isForAnother } from '../msfs/namespace/accounts.js';
import { userId } from '../msfs/namespace/user.js';
import type { Mailslot } from '../msfs/server/slot.js';
import { slotOf } from '../name/people.js';
import type { Alarm } from '../ports/clock.js';
import { encodeBody, type WhoBody } from './body.js';
import type { Deliveries } from './deliveries.js';
import { EVERYBODY } from './name.js';
import { tooMany } from './names-file.js';
import { isForAll, sendBack } from './sending.js';
import { type Context, hearHere, hearOn, rootOf } from './slots.js';
import { squatterOf } from './squatter.js';
import { hasSomebody, newId } from './who.js';

/** What a messenger has a name for. */
export type NameKind = 'computer' | 'user' | 'alias' | 'everybody';

/** One name of a messenger. */
export interface NameEntry {
  /** `*` where it is for everybody. */
  readonly name: string;
  readonly kind: NameKind;
  /**
   * `taken`: another process of this computer has it, or for an alias another computer; it is tried again. Or it is the name
   * of another account of this computer. `free`: nobody.
   */
  readonly state: 'yours' | 'taken' | 'free';
  /** The uid of who has it on this computer though it is the name of another account: only root can clear that away. */
  readonly squatter?: number;
}

/** A name that this messenger has, or would like to have. */
interface Held {
  readonly name: string;
  readonly kind: NameKind;
  slot: Mailslot | undefined;
  /** It is for all people of this computer, who hear that as members; its slot is for programs that write to it here. */
  isForAll: boolean;
  /** Set while it asks whether somebody else has the name. */
  asking: { readonly id: string; readonly lost: AbortController } | undefined;
  retry: Alarm | undefined;
  tries: number;
  /** Who has it though it is ours by the system's word. */
  squatter: number | undefined;
}

/** What the names of a messenger need of it. */
export interface NamesOptions {
  /** Who asks others for names, and answers them. */
  readonly from: string;
  readonly around: Context;
  /** Something came for this name alone. */
  readonly hear: (name: string, message: Message) => void;
  /** A program of this computer wrote to a slot that is for all people of it. */
  readonly hearForAll: (message: Message) => void;
  /** Whether what is for all people of this computer comes here. */
  readonly isMember: () => boolean;
  readonly deliveries: Deliveries;
  /** Another account has taken the name, which is that of ours. */
  readonly squatted: (name: string, by: number) => void;
}

/** The names of one messenger, each a slot. */
export class Names {
  private readonly options: NamesOptions;
  private readonly around: Context;
  private readonly held = new Map<string, Held>();
  private isClosed = false;

  constructor(options: NamesOptions) {
    this.options = options;
    this.around = options.around;
  }

  entries(): NameEntry[] {
    return [...this.held.values()].map(({ name, kind, squatter }) => {
      if (this.has(name)) return { name, kind, state: 'yours' };
      return { name, kind, state: 'taken', ...(squatter !== undefined && { squatter }) };
    });
  }

  /** Whether what comes for this name comes here. */
  has(name: string): boolean {
    const held = this.held.get(name);
    if (held?.isForAll) return this.options.isMember();
    return held?.slot !== undefined && held.asking === undefined;
  }

  /** Whether what is for this name is for all people of this computer. */
  isForAll(name: string): boolean {
    return this.held.get(name)?.isForAll ?? false;
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
    if (this.held.get(name)?.kind !== 'alias') return false;
    await this.drop(name);
    return true;
  }

  /** The computer is called otherwise from now on. */
  async renameComputer(before: string, now: string): Promise<void> {
    // Not yet wanted: it will be by the name that it has then.
    if (this.held.get(before)?.kind !== 'computer') return;
    await this.drop(before);
    await this.drop(now);
    await this.want(now, 'computer');
    // It may have had the name of its user, who is called so still.
    await this.want(this.options.from, 'user');
  }

  /** Somebody asks for a name of ours. */
  heardWho({ id, name, reply }: WhoBody, computer: string | undefined): void {
    const held = this.held.get(name);
    const isAnswered = held !== undefined && (held.slot !== undefined || this.has(name));
    if (!isAnswered || held.asking?.id === id) return;
    // Of two that ask at once the lower number gets it; nobody else would tell them apart.
    if (held.asking !== undefined && id < held.asking.id) {
      held.asking.lost.abort();
      return;
    }
    const time = this.around.ports.clock.now();
    const body = encodeBody({ kind: 'mine', from: this.options.from, time, of: id, name });
    this.options.deliveries.add(`${computer ?? ''}/${reply}`, (signal) =>
      sendBack({ computer, reply }, body, this.around, signal),
    );
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
    const held: Held = {
      ...{ name, kind, slot: undefined, isForAll: name === EVERYBODY },
      ...{ asking: undefined, retry: undefined, tries: 0, squatter: undefined },
    };
    this.held.set(name, held);
    return held;
  }

  /** False: somebody else has it. */
  private async claim(held: Held): Promise<boolean> {
    const { name, kind } = held;
    const asking = kind === 'alias' ? this.question() : undefined;
    held.asking = asking;
    try {
      held.isForAll = await isForAll(name, this.around);
      if (!held.isForAll && (await isForAnother(rootOf(this.around), slotOf(name), userId()))) return false;
      const slot = await this.makeSlot(held);
      held.slot = slot;
      held.squatter = undefined;
      const isLost = asking !== undefined && (await this.ask(held, asking));
      // It may have been given back, or all closed, meanwhile.
      if (!isLost && this.held.get(name) === held) return true;
      held.slot = undefined;
      await slot.close();
      return false;
    } catch (error) {
      const code = error instanceof MailslotError ? error.code : undefined;
      if (code !== 'ERR_MAILSLOT_ALREADY_EXISTS' && code !== 'ERR_MAILSLOT_ACCESS_DENIED') throw error;
      await this.lookForSquatter(held);
      return false;
    } finally {
      held.asking = undefined;
    }
  }

  private async lookForSquatter(held: Held): Promise<void> {
    const before = held.squatter;
    held.squatter = await squatterOf(held.name, this.around);
    if (held.squatter !== undefined && held.squatter !== before)
      this.options.squatted(held.name, held.squatter);
  }

  private makeSlot({ name, isForAll }: Held): Promise<Mailslot> {
    const { hear, hearForAll } = this.options;
    if (isForAll) return hearHere(slotOf(name), this.around, hearForAll);
    return hearOn(slotOf(name), this.around, (message) => hear(name, message));
  }

  private async drop(name: string): Promise<void> {
    const held = this.held.get(name);
    this.held.delete(name);
    if (held) await giveUp(held);
  }

  private question(): { readonly id: string; readonly lost: AbortController } {
    return { id: newId(this.around.ports.random), lost: new AbortController() };
  }

  private ask({ name }: Held, { id, lost }: { id: string; lost: AbortController }): Promise<boolean> {
    return hasSomebody({ id, name, from: this.options.from, lost: lost.signal }, this.around);
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
    `the name ${name} is taken, on this computer or another one`,
    { remedy: 'choose another name' },
  );
}
