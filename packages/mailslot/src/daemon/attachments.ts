import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { MAX_MESSENGER_NAME } from '../limits.js';
import { Feeder } from '../msfs/client/feeder.js';
import { accountsCalled, isForAnother } from '../msfs/namespace/accounts.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { refuseReserved } from '../msfs/namespace/reserved.js';
import { usersOfRoot } from '../msfs/namespace/root.js';
import { scopeOf } from '../msfs/options.js';
import { encodeHello, GreetingParser } from '../msfs/wire/greeting.js';
import { encodeLine } from '../msfs/wire/preface.js';
import { memberInSlot, slotOf } from '../name/people.js';
import type { Remote } from '../name/remote.js';
import type { Scope } from '../name/scope.js';
import { formatName, parseName, type SlotName } from '../name/slot-name.js';
import { upperCase } from '../name/upper-case.js';
import type { Attachment, Redirector } from '../redirector/redirector.js';
import type { Deliver, RemoteSender } from '../redirector/remote.js';
import type { Admission } from './admission.js';
import type { Proofs } from './ownership-proof.js';
import type { Question } from './questions.js';

/** What has the messages of a slot now. */
interface Holder {
  /** The name of this computer that it was told. */
  readonly computer: string;
  goOnWith(redirector: Redirector): void;
  end(): void;
}

/** Behind the control socket there may be another redirector by the time that a slot's owner has shown to be that. */
type Present = () => Promise<{ readonly redirector: Redirector }>;

type AttachTo = (redirector: Redirector, deliver: Deliver) => readonly Attachment[];

/**
 * The connections by which slots have their messages, on which the redirector is the client.
 *
 * Whoever may connect might ask for anybody's messages, so the slot's owner has to prove to be that. And who once had
 * the name might stay, so the latest proof counts: a name has one owner at a time.
 */
export class Attachments {
  private readonly slots: SlotFinder;
  private readonly admission: Admission;
  private readonly proofs: Proofs;
  /** By the slot's key. */
  private readonly holders = new Map<string, Holder>();

  constructor(slots: SlotFinder, admission: Admission, proofs: Proofs) {
    this.proofs = proofs;
    this.slots = slots;
    this.admission = admission;
  }

  /** Lets a slot have its messages on this connection. */
  async attach(socket: Socket, question: Question, present: Present): Promise<void> {
    const name = parseName(String(question['slot']));
    refuseReserved(name);
    const [remote, scope] = [remoteOf(question), scopeOf(question['scope'] as Scope | undefined)];
    const owner = await this.ownerShown(socket, name);
    if (await isForAnother(this.slots.root, name.path, owner)) throw isAnothers(name, owner);
    const { redirector } = await present();
    this.feed(socket, { name, owner }, redirector, (to, deliver) => [
      to.attach(name.path, remote, deliver, scope),
    ]);
  }

  /** Lets the slot of a member have on this connection what is for all people of the computer. */
  async join(socket: Socket, question: Question, present: Present): Promise<void> {
    const name = parseName(String(question['slot']));
    const [remote, scope] = [remoteOf(question), scopeOf(question['scope'] as Scope | undefined)];
    if (memberInSlot(name.path) === undefined) throw noMember(name);
    const owner = await this.ownerShown(socket, name);
    if (await isForAnother(this.slots.root, name.path, owner)) throw isAnothers(name, owner);
    const paths = await pathsForAll((await present()).redirector.computer, this.slots.root);
    const { redirector } = await present();
    this.feed(socket, { name, owner }, redirector, (to, deliver) =>
      paths.map((path) => to.join(path, remote, deliver, scope)),
    );
  }

  /** Whose slot it is, by the system's word, after who asks has shown to be that. */
  private async ownerShown(socket: Socket, name: SlotName): Promise<number | undefined> {
    await this.proofs.demand(socket, name);
    return this.slots.lookFor(name)?.owner;
  }

  /** Another redirector has taken the place of ours: all slots have their messages from that one. */
  goOnWith(redirector: Redirector): void {
    for (const holder of [...this.holders.values()]) {
      // Who is called by this computer's name comes again and is told the new one.
      if (holder.computer === redirector.computer) holder.goOnWith(redirector);
      else holder.end();
    }
  }

  private feed(
    socket: Socket,
    { name, owner }: { readonly name: SlotName; readonly owner: number | undefined },
    redirector: Redirector,
    attachTo: AttachTo,
  ): void {
    if (socket.destroyed) return;
    let feeder: Feeder | undefined;
    this.holders.get(name.key)?.end();
    this.admission.promote(socket, 'slot', { owner, cut: () => socket.destroy() });
    const addressed = new AddressedSenders();
    const { computer, domains } = redirector;
    this.hold(name, socket, computer, (to) =>
      attachTo(to, (data, sender, { address }) => feeder?.feed(data, addressed.of(sender, address)) ?? false),
    ).goOnWith(redirector);
    whenGreeted(socket, () => {
      feeder = new Feeder(socket);
    });
    socket.write(encodeLine({ ok: true, domains, computer }));
    socket.resume();
  }

  private hold(
    { key }: SlotName,
    socket: Socket,
    computer: string,
    attachTo: (redirector: Redirector) => readonly Attachment[],
  ): Holder {
    let attachments: readonly Attachment[] = [];
    const detach = (): void => {
      for (const attachment of attachments) attachment.detach();
    };
    const holder: Holder = {
      computer,
      goOnWith(redirector) {
        detach();
        attachments = attachTo(redirector);
      },
      end: () => {
        detach();
        if (this.holders.get(key) === holder) this.holders.delete(key);
        socket.destroy();
      },
    };
    this.holders.set(key, holder);
    socket.once('close', holder.end);
    return holder;
  }
}

/** Says with a sender where its messages come from: one object as long as both stay the same, so that it is said once. */
class AddressedSenders {
  private last: { sender: RemoteSender; address: string; addressed: RemoteSender } | undefined;

  of(sender: RemoteSender, address: string): RemoteSender {
    if (this.last?.sender === sender && this.last.address === address) return this.last.addressed;
    const addressed = address === '' ? sender : Object.freeze({ ...sender, address });
    this.last = { sender, address, addressed };
    return addressed;
  }
}

/** An account's name belongs to the account, be the computer called so or not. */
async function pathsForAll(computer: string, root: string): Promise<readonly string[]> {
  const name = upperCase(computer.slice(0, MAX_MESSENGER_NAME).trim().normalize('NFC'));
  const isSomebodys = usersOfRoot(root) !== 'owner' && (await accountsCalled(name)).length > 0;
  return isSomebodys ? [slotOf('*')] : [slotOf('*'), slotOf(name)];
}

function remoteOf({ remote }: Question): Exclude<Remote, 'none'> {
  if (remote === 'domain' || remote === 'anyone') return remote;
  throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `remote is 'domain' or 'anyone', not ${remote}`);
}

function isAnothers(name: SlotName, owner: number | undefined): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `${formatName(name)} is for the user of that name alone, and uid ${owner} is another one`,
    { remedy: 'choose another name' },
  );
}

function noMember(name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_INVALID_ARGUMENT',
    `${formatName(name)} is no slot by which somebody hears what is for everybody`,
  );
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
