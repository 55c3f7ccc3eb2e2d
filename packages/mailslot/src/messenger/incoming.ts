import { MailslotError } from '../errors.js';
import { FLOOD_NOTICE_MS, MAX_NOTE_TEXT } from '../limits.js';
import type { Message, Sender } from '../msfs/message.js';
import type { Ports } from '../ports/ports.js';
import { type Body, decodeBody, isBody, type MessageBody, type ReceiptBody, type WhoBody } from './body.js';
import { FloodFilter } from './flood.js';
import type { History } from './history.js';
import { EVERYBODY, MESSENGER, nameOrNothing } from './name.js';
import type { Note } from './note.js';
import { decodeOld } from './old-body.js';
import type { Settings } from './settings.js';
import { type Counted, Tally } from './tally.js';
import { newId } from './who.js';

/** What is to be done about what came. */
export interface IncomingHandlers {
  readonly shown: (note: Note) => void;
  /** One of ours, which this very computer brought back. */
  readonly cameBack: (note: Note) => void;
  readonly asked: (question: WhoBody, computer: string | undefined) => void;
}

/** Where something came from, as far as it is known for certain. */
interface Origin {
  /** `undefined`: this computer. */
  readonly computer: string | undefined;
  readonly authenticated: boolean;
}

/** Decides on everything that comes to the slots of a messenger: what is shown, what is refused, and counts all of it. */
export class Incoming {
  private readonly settings: Settings;
  private readonly history: History;
  private readonly ports: Ports;
  private readonly handlers: IncomingHandlers;
  private readonly flood: FloodFilter;
  private readonly tally = new Tally();
  private noticeAt = Number.NEGATIVE_INFINITY;
  private hasWarned = false;

  constructor(settings: Settings, history: History, ports: Ports, handlers: IncomingHandlers) {
    this.settings = settings;
    this.history = history;
    this.ports = ports;
    this.handlers = handlers;
    this.flood = new FloodFilter(settings.flood, ports.clock);
  }

  statistics(): ReturnType<Tally['statistics']> {
    return this.tally.statistics();
  }

  /** Something came for one of our names. Never throws. */
  take(name: string, message: Message): void {
    this.tally.count('received');
    try {
      const body = this.bodyOf(name, message.data);
      if (body === undefined) this.tally.count('malformed');
      else
        this.takeBody(
          name,
          body,
          message.sender.via === 'local' ? undefined : message.sender.computer,
          message,
        );
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      const isMalformed = error.code === 'ERR_MAILSLOT_MALFORMED';
      this.tally.count(isMalformed ? 'malformed' : 'unsaved');
      if (!isMalformed) this.warn(error);
    }
  }

  /** A message of ours was sent: as it stands in the history now. It is counted when the disk does not take it. */
  keepSent(note: Note): Note {
    let kept: Note | undefined;
    if (!this.attempt(() => this.history.append(note))) this.tally.count('unsaved');
    this.attempt(() => {
      kept = this.history.note(note.id);
    });
    return kept ?? note;
  }

  /** Does something to the history; false when the disk failed, which is told the first time. */
  attempt(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      this.warn(error);
      return false;
    }
  }

  private takeBody(name: string, body: Body, computer: string | undefined, { sender }: Message): void {
    if (body.kind === 'message' && isFor(name, body, computer)) {
      const origin = { computer, authenticated: sender.authenticated };
      this.takeMessage(body, originOf(body, origin, this.settings.computer), isOfHere(sender));
    } else if (body.kind === 'who' && body.name === name) {
      this.takeQuestion(body, computer);
    } else if (body.kind === 'delivered' || body.kind === 'read') {
      this.takeReceipt(body, computer);
    } else {
      // For another slot than it came to.
      this.tally.count('malformed');
    }
  }

  private takeQuestion(question: WhoBody, computer: string | undefined): void {
    if (!this.admits(computer, question.from)) return;
    this.tally.count('questions');
    this.handlers.asked(question, computer);
  }

  private takeMessage(body: MessageBody, { computer, authenticated }: Origin, isHere: boolean): void {
    const now = this.ports.clock.now();
    const { kind: _kind, via: _via, ...said } = body;
    const note: Note = {
      ...said,
      computer,
      authenticated,
      receivedAt: now,
      isOwn: false,
      isRead: false,
      isNotice: false,
      receipts: [],
    };
    const reason = this.reasonAgainst(body, now);
    if (reason !== undefined) {
      this.tally.count(reason);
      // From elsewhere it is somebody's repetition.
      if (reason === 'own' && isHere) this.handlers.cameBack(note);
      return;
    }
    if (!this.admits(computer, body.from)) return;
    this.history.append(note);
    this.tally.countOf(computer, body.from, 'shown');
    this.handlers.shown(note);
  }

  private reasonAgainst({ id, time, ttl }: MessageBody, now: number): Counted | undefined {
    const owner = this.history.ownerOf(id);
    if (owner !== undefined) return owner === 'us' ? 'own' : 'duplicates';
    return ttl !== undefined && time + ttl * 1_000 < now ? 'expired' : undefined;
  }

  private takeReceipt({ kind, of, from }: ReceiptBody, computer: string | undefined): void {
    // There are at most 64 for each message of ours, so no flood filter.
    const receipt = { name: from, computer, kind, time: this.ports.clock.now() };
    this.tally.count(this.history.addReceipt(of, receipt) ? 'receipts' : 'duplicates');
  }

  private admits(computer: string | undefined, from: string): boolean {
    if (this.flood.admits(computer, from)) return true;
    this.tally.countOf(computer, from, 'flooded');
    const now = this.ports.clock.monotonic();
    if (now - this.noticeAt >= FLOOD_NOTICE_MS) {
      this.noticeAt = now;
      this.tell(floodText(computer ?? this.settings.computer, from));
    }
    return false;
  }

  /** What was refused is refused, whether or not the disk has room for saying so. */
  private tell(text: string): void {
    this.attempt(() => this.history.append(this.notice(text)));
  }

  private notice(text: string): Note {
    const { clock, random } = this.ports;
    const now = clock.now();
    return {
      id: newId(random),
      from: MESSENGER,
      to: this.settings.user,
      text,
      level: 'warning',
      computer: undefined,
      authenticated: true,
      time: now,
      receivedAt: now,
      ttl: undefined,
      thread: undefined,
      wants: undefined,
      reply: undefined,
      isOwn: false,
      isRead: false,
      isNotice: true,
      receipts: [],
    };
  }

  private bodyOf(name: string, data: Uint8Array): Body | undefined {
    if (isBody(data)) return decodeBody(data);
    const old = decodeOld(data, this.settings.codePage);
    const from = nameOrNothing(old.from);
    if (from === undefined) return undefined;
    return {
      kind: 'message',
      id: newId(this.ports.random),
      from,
      time: this.ports.clock.now(),
      to: name,
      text: shortened(old.text),
      level: 'info',
      ttl: undefined,
      thread: undefined,
      wants: undefined,
      reply: undefined,
      via: undefined,
    };
  }

  private warn(error: unknown): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.ports.log.warn(`messages cannot be kept, and are shown only until this process ends: ${reason}`);
  }
}

/** `to` is the name whose slot this is; what is handed on to a name of this computer may be for everybody. */
function isFor(name: string, { to, via }: MessageBody, computer: string | undefined): boolean {
  return to === name || (to === EVERYBODY && via !== undefined && computer === undefined);
}

/** Whether a process of this computer sent it, by way of the redirector or not. */
function isOfHere({ via }: Sender): boolean {
  return via === 'local' || via === 'loop';
}

/** What another process of this computer says of where a message came from is worth what that process is worth. */
function originOf({ via }: MessageBody, origin: Origin, here: string): Origin {
  if (via === undefined || origin.computer !== undefined) return origin;
  return { computer: via.computer === here ? undefined : via.computer, authenticated: false };
}

/** In UTF-8 an old text may take three times as many bytes as it came in. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_NOTE_TEXT
    ? text
    : bytes.toString('utf8', 0, MAX_NOTE_TEXT - 3).replace(/\ufffd+$/, '');
}

function floodText(computer: string, from: string): string {
  return `${from} on ${computer} sends more than one can read: some messages are not shown, and counted instead.`;
}
