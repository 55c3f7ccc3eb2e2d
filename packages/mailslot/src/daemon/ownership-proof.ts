import type { Socket } from 'node:net';
import { nextLine } from '../daemon-client/lines.js';
import { MailslotError } from '../errors.js';
import { MAX_PROOF_ROUNDS } from '../limits.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { encodeLine, LineParser } from '../msfs/wire/preface.js';
import { formatName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';

/**
 * Has those who ask show to be the owners of slots. A socket does not tell who is at its other end; but the time of a
 * slot's folder can be set to a number by the folder's owner alone.
 *
 * A folder has one time, and an owner may ask twice at once, or touch the folder for another reason. So who is not seen
 * to have set it while others were asked too, or while the time changed, is given another number. Taking turns instead
 * would let a stranger who says nothing keep everybody waiting.
 */
export class Proofs {
  private readonly slots: SlotFinder;
  private readonly ports: Ports;
  private asked = 0;

  constructor(slots: SlotFinder, ports: Ports) {
    this.slots = slots;
    this.ports = ports;
  }

  /** Rejects with `ERR_MAILSLOT_ACCESS_DENIED`, and `ERR_MAILSLOT_NOT_FOUND` when there is no such slot. */
  async demand(socket: Socket, name: SlotName): Promise<void> {
    const lines = new LineParser();
    for (let round = 0; round < MAX_PROOF_ROUNDS; round += 1) {
      const seen = await this.askOnce(socket, name, lines);
      if (seen === 'shown') return;
      if (seen === 'not shown') break;
    }
    throw new MailslotError(
      'ERR_MAILSLOT_ACCESS_DENIED',
      `this is for the owner of ${formatName(name)} alone, and who asks has not shown to be that`,
    );
  }

  private async askOnce(
    socket: Socket,
    name: SlotName,
    lines: LineParser,
  ): Promise<'shown' | 'disturbed' | 'not shown'> {
    const before = this.slots.markOf(name);
    // Where slots are pipes the system admits nobody else.
    if (before === undefined) return 'shown';
    const mark = Buffer.from(this.ports.random.bytes(4)).readUInt32LE() >>> 1;
    this.asked += 1;
    const { asked } = this;
    socket.write(encodeLine({ mark }));
    await nextLine(socket, lines, 'who was to show that the slot is theirs', this.ports.clock);
    const after = this.slots.markOf(name);
    if (after === mark) return 'shown';
    return after !== before || this.asked !== asked ? 'disturbed' : 'not shown';
  }
}
