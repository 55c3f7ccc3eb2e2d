import { SHARED_NAMES_MS } from '../limits.js';
import { listSlots } from '../msfs/list.js';
import { openSpace } from '../msfs/space/open-space.js';
import { usersOfRoot } from '../msfs/space/root.js';
import { encodeBody, type MessageBody } from './body.js';
import { EVERYBODY, nameOfSlot, slotOf } from './name.js';
import type { Note } from './note.js';
import type { Surroundings } from './slots.js';
import { sendHere } from './ways.js';

/** Hands what is for everybody on to the other messengers of a root that several users share. */
export class HandOn {
  private readonly around: Surroundings;
  private readonly computer: string;
  private readonly isOurs: (name: string) => boolean;
  private others: Promise<readonly string[]> | undefined;

  constructor(computer: string, around: Surroundings, isOurs: (name: string) => boolean) {
    this.computer = computer;
    this.around = around;
    this.isOurs = isOurs;
  }

  /** Whoever cannot be reached goes without. */
  async handOn(note: Note): Promise<void> {
    const space = openSpace(this.around.root, this.around.ports);
    if (note.to !== EVERYBODY || !this.isOurs(EVERYBODY) || usersOfRoot(space.root) === 'owner') return;
    this.others ??= this.lookAround();
    const body = encodeBody(this.bodyOf(note));
    const names = (await this.others).filter((name) => !this.isOurs(name));
    await Promise.allSettled(names.map((name) => sendHere(slotOf(name), body, this.around)));
  }

  /** Asking all slots takes a while: the answer holds for a moment. */
  private async lookAround(): Promise<readonly string[]> {
    const { root, ports } = this.around;
    ports.clock.afterIdle(SHARED_NAMES_MS, () => {
      this.others = undefined;
    });
    const slots = await listSlots(openSpace(root, ports), {}, ports);
    return slots.flatMap(({ name }) => nameOfSlot(name ?? '') ?? []).filter((name) => name !== EVERYBODY);
  }

  private bodyOf({ id, from, time, to, text, level, ttl, thread, wants, reply, ...note }: Note): MessageBody {
    const via = { computer: note.computer ?? this.computer, authenticated: note.authenticated };
    return { kind: 'message', id, from, time, to, text, level, ttl, thread, wants, reply, via };
  }
}
