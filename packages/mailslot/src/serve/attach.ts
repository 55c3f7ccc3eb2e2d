import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { Feeder } from '../msfs/client/feeder.js';
import type { SlotFinder } from '../msfs/space/name-space.js';
import { refuseReserved } from '../msfs/space/reserved.js';
import { encodeHello, GreetingParser } from '../msfs/wire/greeting.js';
import { encodeLine, LineParser } from '../msfs/wire/preface.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import type { Ports } from '../ports/ports.js';
import type { Redirector } from '../redirector/redirector.js';
import { nextLine } from './lines.js';

type Question = Readonly<Record<string, unknown>>;

/**
 * Lets a slot have its messages on this connection, on which the redirector is the client from now on.
 *
 * Whoever may connect might ask for anybody's messages. So the asker is given a number, and must set it as the time of
 * the slot's folder, as only the folder's owner can.
 */
export async function attachSlot(
  socket: Socket,
  question: Question,
  redirector: Redirector,
  slots: SlotFinder,
  ports: Ports,
): Promise<void> {
  const name = parseName(String(question['slot']));
  refuseReserved(name);
  const { remote } = question;
  if (remote !== 'domain' && remote !== 'anyone') {
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `remote is 'domain' or 'anyone', not ${remote}`);
  }
  await demandProof(socket, name, slots, ports);
  if (socket.destroyed) return;
  let feeder: Feeder | undefined;
  const attachment = redirector.attach(
    name.path,
    remote,
    (data, sender) => feeder?.feed(data, sender) ?? false,
  );
  socket.once('close', () => attachment.detach());
  const greetings = new GreetingParser();
  socket.on('data', (chunk: Buffer) => {
    // What the slot says later, as that it closes, is followed by the end of the connection.
    if (feeder) return;
    try {
      const greeted = greetings.take(chunk);
      if (!greeted) return;
      socket.write(encodeHello(greeted.version, process.pid));
      feeder = new Feeder(socket);
    } catch {
      socket.destroy();
    }
  });
  socket.write(encodeLine({ ok: true, domains: redirector.domains }));
  socket.resume();
}

async function demandProof(socket: Socket, name: SlotName, slots: SlotFinder, ports: Ports): Promise<void> {
  if (slots.markOf(name) === undefined) return;
  const mark = Buffer.from(ports.random.bytes(4)).readUInt32LE() >>> 1;
  socket.write(encodeLine({ mark }));
  await nextLine(socket, new LineParser(), 'the slot', ports.clock);
  if (slots.markOf(name) === mark) return;
  throw new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `only the owner of the slot ${name.path} gets its messages, and who asks has not shown to be that`,
  );
}
