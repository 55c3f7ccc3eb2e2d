import { MailslotError } from '../errors.js';
import { MEMBERS_HOLD_MS, MEMBERS_PER_USER, NAME_RETRY_MS } from '../limits.js';
import type { Message } from '../msfs/message.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { NO_USERS, userId } from '../msfs/namespace/user.js';
import type { Mailslot } from '../msfs/server/slot.js';
import { slotOfMember } from '../name/people.js';
import { parseName } from '../name/slot-name.js';
import type { Alarm } from '../ports/clock.js';
import { type Context, hearForAll } from './slots.js';

/**
 * The slots of all messengers of a root by which they hear what is for everybody, as far as this user may see them. Whose
 * each is is the system's word: nobody is asked.
 */
export function memberSlots(slots: SlotFinder): string[] {
  const uids = new Set(slots.list().map(({ owner }) => owner ?? NO_USERS));
  return [...uids].flatMap((uid) => slotsOf(uid, slots));
}

/** Those of this user. */
export function ownMemberSlots(slots: SlotFinder): string[] {
  return slotsOf(userId(), slots);
}

function slotsOf(uid: number, slots: SlotFinder): string[] {
  const paths = places().map((place) => slotOfMember({ uid, place }));
  return paths.filter((path) => isOwnedBy(uid, path, slots));
}

function isOwnedBy(uid: number, path: string, slots: SlotFinder): boolean {
  try {
    const place = slots.locate(parseName(path));
    const seen = place === undefined ? undefined : slots.lookAt(place);
    return seen !== undefined && (seen.owner ?? NO_USERS) === uid;
  } catch (error) {
    if (error instanceof MailslotError) return false;
    throw error;
  }
}

function places(): number[] {
  return Array.from({ length: MEMBERS_PER_USER }, (_, index) => index + 1);
}

/** One messenger's place among those of its user, and with it its share in what is for everybody. */
export class Membership {
  private readonly around: Context;
  private readonly hear: (message: Message) => void;
  private slot: Mailslot | undefined;
  private retry: Alarm | undefined;
  private known: { readonly at: number; readonly paths: readonly string[] } | undefined;
  private isClosed = false;

  constructor(around: Context, hear: (message: Message) => void) {
    this.around = around;
    this.hear = hear;
  }

  /** Whether what is for everybody comes here. */
  get isHeld(): boolean {
    return this.slot !== undefined;
  }

  /** The slots of all others of this root, as they were a moment ago. */
  others(): string[] {
    const { root, ports } = this.around;
    const now = ports.clock.monotonic();
    if (this.known === undefined || now - this.known.at > MEMBERS_HOLD_MS)
      this.known = { at: now, paths: memberSlots(findSlots(root)) };
    const own = this.slot && parseName(this.slot.name).path;
    return this.known.paths.filter((path) => path !== own);
  }

  /** Takes a place now, or as soon as one is free. Rejects when the root cannot be used. */
  async begin(): Promise<void> {
    for (const place of places()) {
      this.slot = await this.claim(slotOfMember({ uid: userId(), place }));
      if (this.slot !== undefined) break;
    }
    if (this.isClosed) await this.giveUp();
    else if (this.slot === undefined) this.beginLater();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.retry?.cancel();
    await this.giveUp();
  }

  private async giveUp(): Promise<void> {
    const { slot } = this;
    this.slot = undefined;
    await slot?.close();
  }

  private beginLater(): void {
    this.retry = this.around.ports.clock.afterIdle(NAME_RETRY_MS, () => {
      this.begin().catch(() => this.beginLater());
    });
  }

  /** `undefined`: another messenger has it. */
  private async claim(path: string): Promise<Mailslot | undefined> {
    try {
      return await hearForAll(path, this.around, this.hear);
    } catch (error) {
      const code = error instanceof MailslotError ? error.code : undefined;
      if (code === 'ERR_MAILSLOT_ALREADY_EXISTS' || code === 'ERR_MAILSLOT_ACCESS_DENIED') return undefined;
      throw error;
    }
  }
}
