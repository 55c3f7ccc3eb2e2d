import type { Socket } from 'node:net';
import { MailslotError } from '../errors.js';
import {
  MAX_ASKING_CONNECTIONS,
  MAX_FINDING_CONNECTIONS,
  MAX_OPENED_CONNECTIONS,
  MAX_SILENT_CONNECTIONS,
  MAX_SLOT_CONNECTIONS,
  MAX_UNFINISHED_LINES,
  MAX_WATCHING_CONNECTIONS,
  MAX_WRITING_CONNECTIONS,
  OTHER_DESCRIPTORS,
} from '../limits.js';

/**
 * What a connection has shown so far: nothing; a question; a name for which it may have to wait; that it follows what
 * happens; a name that may be opened; a message; that it is the owner of a slot.
 */
export type Standing = 'silent' | 'asking' | 'finding' | 'watching' | 'opened' | 'writing' | 'slot';

const CEILINGS: Readonly<Record<Standing, number>> = {
  silent: MAX_SILENT_CONNECTIONS,
  asking: MAX_ASKING_CONNECTIONS,
  finding: MAX_FINDING_CONNECTIONS,
  watching: MAX_WATCHING_CONNECTIONS,
  opened: MAX_OPENED_CONNECTIONS,
  writing: MAX_WRITING_CONNECTIONS,
  slot: MAX_SLOT_CONNECTIONS,
};

interface Guest {
  standing: Standing;
  /** Bytes of a first line that has no end yet. */
  bytes: number;
  /** Who owns the slot; of others the system does not tell. */
  owner: number | undefined;
  /** Ends the connection, and says why. */
  cut: (error: MailslotError) => void;
}

/**
 * Who may stay connected when there are many. Each standing has room of its own, so that those who have shown nothing
 * never take the place of those who have shown something. Whoever is new is let in, and where there is no room for one
 * more, another one of the same standing goes: the one that has been quiet for longest, among slots one of the user who
 * has most of them.
 */
export class Admission {
  private readonly guests = new Map<Socket, Guest>();
  /** The one that has been quiet for longest is the first. */
  private readonly rooms: Readonly<Record<Standing, Map<Socket, Guest>>> = {
    silent: new Map(),
    asking: new Map(),
    finding: new Map(),
    watching: new Map(),
    opened: new Map(),
    writing: new Map(),
    slot: new Map(),
  };
  private readonly share: number;
  private unfinished = 0;

  /** @param descriptors how many files and sockets this process may have open */
  constructor(descriptors: number) {
    const all = Object.values(CEILINGS).reduce((sum, ceiling) => sum + ceiling);
    this.share = Math.min(1, Math.max(0, descriptors - OTHER_DESCRIPTORS) / all);
  }

  /** How many have opened a name. */
  get clients(): number {
    return this.rooms.opened.size + this.rooms.writing.size;
  }

  enter(socket: Socket, cut: Guest['cut']): void {
    const guest: Guest = { standing: 'silent', bytes: 0, owner: undefined, cut };
    this.guests.set(socket, guest);
    this.put(socket, guest);
    socket.once('close', () => this.remove(socket));
  }

  /** So many bytes of the first line came. */
  heard(socket: Socket, bytes: number): void {
    const guest = this.guests.get(socket);
    if (guest?.standing !== 'silent') return;
    guest.bytes += bytes;
    this.unfinished += bytes;
    while (this.unfinished > MAX_UNFINISHED_LINES) this.evictFrom('silent');
  }

  /** It has shown more: from now on it counts among those. */
  promote(socket: Socket, standing: Standing, more: Partial<Pick<Guest, 'owner' | 'cut'>> = {}): void {
    const guest = this.guests.get(socket);
    if (guest === undefined) return;
    this.takeOut(socket, guest);
    this.put(socket, Object.assign(guest, more, { standing }));
  }

  private put(socket: Socket, guest: Guest): void {
    const { standing } = guest;
    const ceiling = Math.max(1, Math.floor(CEILINGS[standing] * this.share));
    while (this.rooms[standing].size >= ceiling) this.evictFrom(standing);
    this.rooms[standing].set(socket, guest);
  }

  private evictFrom(standing: Standing): void {
    const room = this.rooms[standing];
    const [socket, guest] = (standing === 'slot' ? firstOfMost(room) : undefined) ?? [...first(room)];
    if (socket === undefined || guest === undefined) return;
    this.remove(socket);
    guest.cut(crowded(standing));
  }

  private remove(socket: Socket): void {
    const guest = this.guests.get(socket);
    if (guest === undefined) return;
    this.takeOut(socket, guest);
    this.guests.delete(socket);
  }

  private takeOut(socket: Socket, guest: Guest): void {
    this.rooms[guest.standing].delete(socket);
    this.unfinished -= guest.bytes;
    guest.bytes = 0;
  }
}

function first(room: ReadonlyMap<Socket, Guest>): readonly [Socket, Guest] | readonly [] {
  return room.entries().next().value ?? [];
}

/** The oldest of the owner who has most. */
function firstOfMost(room: ReadonlyMap<Socket, Guest>): readonly [Socket, Guest] | undefined {
  const counts = new Map<number | undefined, number>();
  for (const { owner } of room.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...room].find(([, { owner }]) => counts.get(owner) === most);
}

const REASONS: Readonly<Record<Standing, string>> = {
  silent: 'it had not said yet what it wants',
  asking: 'its question was the oldest of many',
  finding: 'it had waited for a computer for longest',
  watching: 'it had watched for longest',
  opened: 'it had opened a name and written nothing',
  writing: 'it had written nothing for longest',
  slot: 'its user has more slots connected than any other',
};

function crowded(standing: Standing): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `the redirector has no room for more connections and ended this one, for ${REASONS[standing]}`,
    { remedy: 'try again, and look for a program that opens many ("ss -xp" shows them)' },
  );
}
