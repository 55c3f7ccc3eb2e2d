import { createServer, type Server, type Socket } from 'node:net';
import { nextLine } from '../daemon-client/lines.js';
import { refuseUnlessOwner } from '../daemon-client/locate.js';
import { MailslotError } from '../errors.js';
import { MAX_PACKET_PATH_BYTES, OUTGOING_LINGER_MS, PLACE_CHECK_MS } from '../limits.js';
import { descriptorLimit } from '../msfs/descriptors.js';
import type { NameSpace, Place } from '../msfs/namespace/name-space.js';
import { REDIRECTOR, refuseReserved } from '../msfs/namespace/reserved.js';
import { usersOfRoot } from '../msfs/namespace/root.js';
import { scopeOf } from '../msfs/options.js';
import { errorLine, LineParser } from '../msfs/wire/preface.js';
import type { Scope } from '../name/scope.js';
import { formatName, parseName, type SlotName } from '../name/slot-name.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Redirector } from '../redirector/redirector.js';
import { Admission } from './admission.js';
import { Attachments } from './attachments.js';
import type { Presence } from './network-wait.js';
import { Proofs } from './ownership-proof.js';
import { partFrom, refuse } from './part.js';
import { type Answers, giveAnswer, type Question } from './questions.js';
import { Outgoing, shareOf } from './upstream.js';
import { noComputer, withinReach } from './within-reach.js';

/** What the control socket needs. */
export interface ControlSocketParts {
  readonly redirector: Redirector;
  /** Whether a computer is there; may take a moment to find out. */
  readonly find: (computer: string) => Promise<boolean>;
  readonly presence: Presence;
  readonly answers: Answers;
}

/** In a root of the whole machine everybody can ask, but not end what everybody uses. */
const OWNERS_ALONE: readonly string[] = ['reload', 'stop'];

/** What is answered for as long as the asker likes. */
const FOLLOWED: readonly string[] = ['watch', 'self'];

/**
 * The redirector's socket in the MSFS: clients of names elsewhere and slots that take messages from other computers
 * come here, and whoever wants to know how things stand. Normative: `docs/wire/redirector.md`.
 *
 * What is behind it may be replaced while it is open: clients and slots stay, and what they send meanwhile waits.
 */
export class ControlSocket {
  private readonly space: NameSpace;
  private readonly ports: Ports;
  private readonly attachments: Attachments;
  private readonly proofs: Proofs;
  private readonly admission = new Admission(descriptorLimit());
  private readonly sockets = new Set<Socket>();
  private readonly outgoing = new Set<Outgoing>();
  private server: Server | undefined;
  private parts: Promise<ControlSocketParts>;
  private provide: (parts: ControlSocketParts) => void = () => {};
  private place: Place | undefined;
  private placeAlarm: Alarm | undefined;
  private idleListener: (isIdle: boolean) => void = () => {};
  private lostListener: () => void = () => {};
  private drainedListener: () => void = () => {};

  private constructor(space: NameSpace, ports: Ports) {
    this.space = space;
    this.proofs = new Proofs(space, ports);
    this.attachments = new Attachments(space, this.admission, this.proofs);
    this.ports = ports;
    this.parts = this.awaited();
  }

  /**
   * Opens it: of all redirectors of a root that try, one succeeds. Who comes before {@link serve} waits.
   *
   * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS`, and `ERR_MAILSLOT_ACCESS_DENIED` for who is not the root's owner.
   */
  static async open(space: NameSpace, ports: Ports): Promise<ControlSocket> {
    refuseUnlessOwner(space.root);
    const controlSocket = new ControlSocket(space, ports);
    await controlSocket.takePlace(controlSocket.newServer());
    return controlSocket;
  }

  /** From now on this is behind it; those who are here go on with it. */
  serve(parts: ControlSocketParts): void {
    this.provide(parts);
    for (const client of [...this.outgoing]) client.goOnWith(parts.redirector, parts.presence);
    this.attachments.goOnWith(parts.redirector);
  }

  /** Whoever comes waits until the next {@link serve}. */
  suspend(): void {
    this.parts = this.awaited();
  }

  /** Takes the place in the root again that somebody removed; those who are here stay. Rejects as {@link open}. */
  async reopen(): Promise<void> {
    const { server: old } = this;
    await this.takePlace(this.newServer());
    old?.close();
  }

  /** Says whenever the last connection goes, or the first one comes. */
  onIdle(listener: (isIdle: boolean) => void): void {
    this.idleListener = listener;
    listener(this.sockets.size === 0);
  }

  /** Calls back when it can no longer be found, because somebody removed its place in the root. */
  onLost(listener: () => void): void {
    this.lostListener = listener;
  }

  /** Takes nothing more from clients; resolves when the network has what they were told is taken, or after a while. */
  async drain(): Promise<void> {
    for (const client of this.outgoing) client.stopReading();
    if (this.isDrained()) return;
    await new Promise<void>((resolve) => {
      const alarm = this.ports.clock.after(OUTGOING_LINGER_MS, resolve);
      this.drainedListener = () => {
        if (!this.isDrained()) return;
        alarm.cancel();
        resolve();
      };
    });
    for (const client of this.outgoing) client.noteLost('the redirector ended');
  }

  async close(): Promise<void> {
    this.placeAlarm?.cancel();
    this.place?.release();
    const closed = new Promise<void>((resolve) => {
      this.server?.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private isDrained(): boolean {
    return [...this.outgoing].every(({ isEmpty }) => isEmpty);
  }

  private newServer(): Server {
    return createServer((socket) => this.admit(socket));
  }

  private awaited(): Promise<ControlSocketParts> {
    return new Promise((resolve) => {
      this.provide = resolve;
    });
  }

  private async takePlace(server: Server): Promise<void> {
    const { space, ports } = this;
    this.place = await space.takeBack(REDIRECTOR, usersOfRoot(space.root), server);
    this.server = server;
    server.on('error', (error) => ports.log.warn(`the redirector admits nobody: ${error.message}`));
    this.watchPlace();
  }

  /** Looking also keeps cleaners of old files away. */
  private watchPlace(): void {
    this.placeAlarm = this.ports.clock.afterIdle(PLACE_CHECK_MS, () => {
      if (this.place?.check()) this.watchPlace();
      else this.lostListener();
    });
  }

  private admit(socket: Socket): void {
    const { clock } = this.ports;
    this.sockets.add(socket);
    if (this.sockets.size === 1) this.idleListener(false);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.sockets.size === 0) this.idleListener(true);
    });
    this.admission.enter(socket, (error) => partFrom(socket, errorLine(error), clock));
    const count = (chunk: Buffer): void => this.admission.heard(socket, chunk.length);
    socket.on('data', count);
    nextLine(socket, new LineParser(), 'who connects', clock)
      .finally(() => socket.removeListener('data', count))
      .then((question) => this.answer(socket, question))
      .catch((error: unknown) => refuse(socket, errorLine(error), clock));
  }

  private async answer(socket: Socket, question: Question): Promise<void> {
    this.admission.promote(socket, 'asking');
    const asked = String(question['do']);
    const parts = await this.parts;
    if (socket.destroyed) return;
    if (asked === 'open') return this.openName(parts, socket, question);
    if (asked === 'attach') return this.attachments.attach(socket, question, () => this.parts);
    if (asked === 'join') return this.attachments.join(socket, question, () => this.parts);
    if (OWNERS_ALONE.includes(asked)) {
      await this.proofs.demand(socket, REDIRECTOR);
      // The proof left an odd time, by which a cleaner of old files might take it for abandoned.
      this.place?.check();
    }
    if (FOLLOWED.includes(asked)) this.admission.promote(socket, 'watching');
    await giveAnswer(socket, question, parts.answers, this.ports.clock);
  }

  /** From here on the client is served as by a slot. */
  private async openName(
    { redirector, find }: ControlSocketParts,
    socket: Socket,
    question: Question,
  ): Promise<void> {
    const name = parseName(String(question['name']));
    refuseReserved(name);
    refuseLong(name);
    const scope = scopeOf(question['scope'] as Scope | undefined);
    const destination = redirector.destinationOf(name, scope);
    const { to, domain } = destination;
    this.admission.promote(socket, 'finding', {
      cut: () => refuse(socket, errorLine(notWaitedFor(name)), this.ports.clock),
    });
    await withinReach(redirector, destination, this.ports.clock);
    if (to.kind === 'computer' && !(await find(to.name))) throw noComputer(to.name, domain);
    // While that took its time, another one may have come behind the control socket.
    const { redirector: present, presence } = await this.parts;
    if (socket.destroyed) return;
    const client = new Outgoing(
      present,
      { name, scope },
      shareOf(this.admission.clients),
      this.ports,
      presence,
    );
    this.outgoing.add(client);
    client.serve(socket, {
      wrote: () => this.admission.promote(socket, 'writing'),
      emptied: () => this.drainedListener(),
      ended: () => this.outgoing.delete(client),
    });
    this.admission.promote(socket, 'opened', { cut: (error) => client.cut(error) });
  }
}

/** Here, where the program that asks is told, not at each message. */
function refuseLong({ path }: SlotName): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_PACKET_PATH_BYTES) return;
  throw new MailslotError(
    'ERR_MAILSLOT_INVALID_NAME',
    `the slot's path has ${bytes} bytes, and messages to other computers carry ${MAX_PACKET_PATH_BYTES}`,
    { remedy: 'use a shorter one' },
  );
}

/** Nothing is known of it yet; what is known at once is answered at once, however many wait. */
function notWaitedFor(name: SlotName): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_BAD_NETPATH',
    `nothing that leads to ${formatName(name)} is known now, and too many wait at once for what may still appear`,
    { remedy: 'try again, or look with "mailslot computers"' },
  );
}
