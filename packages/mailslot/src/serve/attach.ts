import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { Feeder } from '../msfs/client/feeder.js';
import { scopeOf } from '../msfs/options.js';
import type { SlotFinder } from '../msfs/space/name-space.js';
import { refuseReserved } from '../msfs/space/reserved.js';
import { encodeHello, GreetingParser } from '../msfs/wire/greeting.js';
import { encodeLine } from '../msfs/wire/preface.js';
import type { Scope } from '../name/scope.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import type { Redirector } from '../redirector/redirector.js';
import { demandProof } from './proof.js';

type Question = Readonly<Record<string, unknown>>;

/**
 * The connections by which slots have their messages, on which the redirector is the client.
 *
 * Whoever may connect might ask for anybody's messages, so the slot's owner has to prove to be that. And who once had
 * the name might stay, so the latest proof counts: a name has one owner at a time.
 */
export class Attachments {
  private readonly slots: SlotFinder;
  private readonly ports: Ports;
  /** How to end what has the messages of a slot now, by the slot's key. */
  private readonly holders = new Map<string, () => void>();

  constructor(slots: SlotFinder, ports: Ports) {
    this.slots = slots;
    this.ports = ports;
  }

  /** Lets a slot have its messages on this connection. */
  async attach(socket: Socket, question: Question, redirector: Redirector): Promise<void> {
    const name = parseName(String(question['slot']));
    refuseReserved(name);
    const { remote } = question;
    if (remote !== 'domain' && remote !== 'anyone') {
      throw new MailslotError(
        'ERR_MAILSLOT_INVALID_ARGUMENT',
        `remote is 'domain' or 'anyone', not ${remote}`,
      );
    }
    const scope = scopeOf(question['scope'] as Scope | undefined);
    await demandProof(socket, name, this.slots, this.ports);
    if (socket.destroyed) return;
    let feeder: Feeder | undefined;
    this.holders.get(name.key)?.();
    const attachment = redirector.attach(
      name.path,
      remote,
      (data, sender) => feeder?.feed(data, sender) ?? false,
      scope,
    );
    this.hold(name, socket, () => attachment.detach());
    whenGreeted(socket, () => {
      feeder = new Feeder(socket);
    });
    socket.write(encodeLine({ ok: true, domains: redirector.domains }));
    socket.resume();
  }

  private hold({ key }: SlotName, socket: Socket, detach: () => void): void {
    const end = (): void => {
      detach();
      if (this.holders.get(key) === end) this.holders.delete(key);
      socket.destroy();
    };
    this.holders.set(key, end);
    socket.once('close', end);
  }
}

/** Says hello to the slot when it has greeted. */
function whenGreeted(socket: Socket, begin: () => void): void {
  const greetings = new GreetingParser();
  let hasBegun = false;
  socket.on('data', (chunk: Buffer) => {
    // What the slot says later, as that it closes, is followed by the end of the connection.
    if (hasBegun) return;
    try {
      const greeted = greetings.take(chunk);
      if (!greeted) return;
      socket.write(encodeHello(greeted.version, process.pid));
      hasBegun = true;
      begin();
    } catch {
      socket.destroy();
    }
  });
}
