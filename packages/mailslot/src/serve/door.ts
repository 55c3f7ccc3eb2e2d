import { createServer, type Server, type Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import { MAX_DOOR_CONNECTIONS, MAX_PACKET_PATH_BYTES, PLACE_CHECK_MS } from '../limits.js';
import { scopeOf } from '../msfs/options.js';
import type { NameSpace, Place, SlotFinder } from '../msfs/space/name-space.js';
import { REDIRECTOR, refuseReserved } from '../msfs/space/reserved.js';
import { usersOfRoot } from '../msfs/space/root.js';
import { encodeLine, errorLine, LineParser } from '../msfs/wire/preface.js';
import type { Scope } from '../name/scope.js';
import { parseName, type SlotName } from '../name/slot-name.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Redirector } from '../redirector/redirector.js';
import { Attachments } from './attach.js';
import { refuseUnlessOwner } from './find.js';
import { nextLine } from './lines.js';
import { Outgoing } from './outgoing.js';
import { demandProof } from './proof.js';

type Question = Readonly<Record<string, unknown>>;

/** What else can be asked at the door: each answer is a line, until the asker hangs up or there are no more. */
export type Answers = Readonly<
  Record<string, (question: Question, signal: AbortSignal) => AsyncIterable<object>>
>;

/** What the door needs. */
export interface DoorParts {
  readonly redirector: Redirector;
  /** Whether a computer is there; may take a moment to find out. */
  readonly find: (computer: string) => Promise<boolean>;
  readonly answers: Answers;
}

/** In a root of the whole machine everybody can ask, but not end what everybody uses. */
const OWNERS_ALONE: readonly string[] = ['reload', 'stop'];

/**
 * The redirector's socket in the MSFS: clients of names elsewhere and slots that take messages from other computers
 * come here, and whoever wants to know how things stand. Normative: `docs/wire/redirector.md`.
 */
export class Door {
  private readonly parts: Promise<DoorParts>;
  private readonly slots: SlotFinder;
  private readonly attachments: Attachments;
  private readonly ports: Ports;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private place: Place | undefined;
  private placeAlarm: Alarm | undefined;
  private idleListener: (isIdle: boolean) => void = () => {};
  private lostListener: () => void = () => {};

  private constructor(slots: SlotFinder, parts: Promise<DoorParts>, ports: Ports) {
    this.slots = slots;
    this.attachments = new Attachments(slots, ports);
    this.parts = parts;
    this.ports = ports;
    this.server = createServer((socket) => this.admit(socket));
    this.server.maxConnections = MAX_DOOR_CONNECTIONS;
  }

  /**
   * Opens it: of all redirectors of a root that try, one succeeds. Who comes before `parts` are there waits.
   *
   * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS`, and `ERR_MAILSLOT_ACCESS_DENIED` for who is not the root's owner.
   */
  static async open(space: NameSpace, parts: Promise<DoorParts>, ports: Ports): Promise<Door> {
    refuseUnlessOwner(space.root);
    const door = new Door(space, parts, ports);
    door.place = await space.takeBack(REDIRECTOR, usersOfRoot(space.root), door.server);
    door.watchPlace();
    door.server.on('error', (error) => ports.log.warn(`the redirector admits nobody: ${error.message}`));
    return door;
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

  async close(): Promise<void> {
    this.placeAlarm?.cancel();
    this.place?.release();
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Looking also keeps cleaners of old files away. */
  private watchPlace(): void {
    this.placeAlarm = this.ports.clock.afterIdle(PLACE_CHECK_MS, () => {
      if (this.place?.check()) this.watchPlace();
      else this.lostListener();
    });
  }

  private admit(socket: Socket): void {
    this.sockets.add(socket);
    if (this.sockets.size === 1) this.idleListener(false);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.sockets.size === 0) this.idleListener(true);
    });
    nextLine(socket, new LineParser(), 'who connects', this.ports.clock)
      .then((question) => this.answer(socket, question))
      .catch((error: unknown) => refuse(socket, error));
  }

  private async answer(socket: Socket, question: Question): Promise<void> {
    const asked = String(question['do']);
    const parts = await this.parts;
    if (asked === 'open') return this.openName(parts, socket, question);
    if (asked === 'attach') return this.attachments.attach(socket, question, parts.redirector);
    if (asked === 'join') return this.attachments.join(socket, question, parts.redirector);
    const answers = Object.hasOwn(parts.answers, asked) ? parts.answers[asked] : undefined;
    if (answers === undefined) {
      throw new MailslotError(
        'ERR_MAILSLOT_INVALID_ARGUMENT',
        `this redirector cannot "${asked}": it may be older than who asks; start it again ("mailslot serve")`,
      );
    }
    if (OWNERS_ALONE.includes(asked)) {
      await demandProof(socket, REDIRECTOR, this.slots, this.ports);
      // The proof left an odd time, by which a cleaner of old files might take it for abandoned.
      this.place?.check();
    }
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    socket.resume();
    for await (const line of answers(question, gone.signal)) {
      if (gone.signal.aborted) return;
      if (!socket.write(encodeLine(line))) await drained(socket);
    }
    socket.end();
  }

  /** From here on the client is served as by a slot. */
  private async openName({ redirector, find }: DoorParts, socket: Socket, question: Question): Promise<void> {
    const name = parseName(String(question['name']));
    refuseReserved(name);
    refuseLong(name);
    const destination = redirector.destinationOf(name, scopeOf(question['scope'] as Scope | undefined));
    const { to } = destination;
    if (to.kind === 'computer' && !(await find(to.name))) throw badNetPath(to.name, destination.domain);
    if (socket.destroyed) return;
    socket.write(encodeLine({ ok: true }));
    new Outgoing(redirector, name, destination, this.ports).serve(socket);
  }
}

/** Here, where the program that asks is told, not at each message. */
function refuseLong({ path }: SlotName): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_PACKET_PATH_BYTES) return;
  throw new MailslotError(
    'ERR_MAILSLOT_INVALID_NAME',
    `the slot's path has ${bytes} bytes, and messages to other computers carry ${MAX_PACKET_PATH_BYTES}: use a shorter one`,
  );
}

function refuse(socket: Socket, error: unknown): void {
  if (!socket.destroyed) socket.end(errorLine(error));
}

function badNetPath(computer: string, domain: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_BAD_NETPATH',
    `no computer ${computer} is in the domain ${domain} now; ` +
      '"mailslot computers" shows which are, "mailslot doctor" why one may be missing',
  );
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      socket.removeListener('drain', go);
      socket.removeListener('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
  });
}
