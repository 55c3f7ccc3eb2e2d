import { MailslotError } from '../errors.js';
import { MAX_NOTE_TEXT, NOTICE_MS } from '../limits.js';
import type { Message } from '../msfs/message.js';
import type { Sender } from '../name/sender.js';
import type { Ports } from '../ports/ports.js';
import { type Body, decodeBody, isBody, type MessageBody, type ReceiptBody, type WhoBody } from './body.js';
import { FloodFilter, type Origin } from './flood.js';
import type { History } from './history.js';
import { addresseeOrNothing, MESSENGER, nameOrNothing } from './name.js';
import type { Note } from './note.js';
import { decodeOld } from './old-body.js';
import type { Settings } from './settings.js';
import { type Counted, Tally } from './tally.js';
import { newId } from './who.js';

/** What is to be done about what came. */
export interface IncomingHandlers {
  readonly shown: (note: Note) => void;
  readonly asked: (question: WhoBody, computer: string | undefined) => void;
}

export interface IncomingParts {
  readonly settings: Settings;
  readonly history: History;
  readonly ports: Ports;
  /** What this computer is called. */
  readonly computer: () => string;
}

/** Decides on everything that comes to the slots of a messenger: what is shown, what is refused, and counts all of it. */
export class Incoming {
  private readonly settings: Settings;
  private readonly history: History;
  private readonly ports: Ports;
  private readonly handlers: IncomingHandlers;
  private readonly computer: () => string;
  private readonly flood: FloodFilter;
  private readonly questionFlood: FloodFilter;
  private readonly tally = new Tally();
  private noticeAt = Number.NEGATIVE_INFINITY;
  private toldAt: number | undefined;
  private hasWarned = false;

  constructor({ settings, history, ports, computer }: IncomingParts, handlers: IncomingHandlers) {
    this.settings = settings;
    this.history = history;
    this.ports = ports;
    this.computer = computer;
    this.handlers = handlers;
    this.flood = new FloodFilter(settings.flood, ports.clock);
    this.questionFlood = new FloodFilter(settings.flood, ports.clock);
  }

  statistics(): ReturnType<Tally['statistics']> {
    return this.tally.statistics();
  }

  /** Something came to a slot that is for these names of ours. Never throws. */
  take(names: readonly string[], { data, sender }: Message): void {
    this.tally.count('received');
    try {
      const body = this.bodyOf(names, data);
      if (body === undefined) this.tally.count('malformed');
      else this.takeBody(names, body, originOf(sender));
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

  private takeBody(names: readonly string[], body: Body, origin: Origin): void {
    if (body.kind === 'message' && names.includes(body.to)) {
      this.takeMessage(body, origin);
    } else if (body.kind === 'who' && names.includes(body.name)) {
      this.takeQuestion(body, origin);
    } else if (body.kind === 'delivered' || body.kind === 'read') {
      this.takeReceipt(body, origin);
    } else {
      // For another slot than it came to.
      this.tally.count('malformed');
    }
  }

  /** Questions are many where messages are many: each has a share of its own. */
  private takeQuestion(question: WhoBody, origin: Origin): void {
    if (!this.questionFlood.admits(origin, question.from)) {
      this.tally.countOf(origin.computer, question.from, 'flooded');
      return;
    }
    this.tally.count('questions');
    this.handlers.asked(question, origin.computer);
  }

  private takeMessage(body: MessageBody, origin: Origin): void {
    const { computer, authenticated } = origin;
    const now = this.ports.clock.now();
    const { kind: _kind, ...said } = body;
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
      return;
    }
    if (!this.admits(origin, body.from)) return;
    // Another messenger with this history may have been quicker.
    if (!this.history.append(note)) {
      this.tally.count('duplicates');
      return;
    }
    this.tally.countOf(computer, body.from, 'shown');
    this.handlers.shown(note);
  }

  private reasonAgainst({ id, time, ttl }: MessageBody, now: number): Counted | undefined {
    const owner = this.history.ownerOf(id);
    if (owner !== undefined) return owner === 'us' ? 'own' : 'duplicates';
    return ttl !== undefined && time + ttl * 1_000 < now ? 'expired' : undefined;
  }

  private takeReceipt({ kind, of, from }: ReceiptBody, { computer }: Origin): void {
    // There are at most 64 for each message of ours, so no flood filter.
    const receipt = { name: from, computer, kind, time: this.ports.clock.now() };
    this.tally.count(this.history.addReceipt(of, receipt) ? 'receipts' : 'duplicates');
  }

  private admits(origin: Origin, from: string): boolean {
    if (this.flood.admits(origin, from)) return true;
    const { computer } = origin;
    this.tally.countOf(computer, from, 'flooded');
    const now = this.ports.clock.monotonic();
    if (now - this.noticeAt >= NOTICE_MS) {
      this.noticeAt = now;
      this.tell(floodText(computer ?? this.computer(), from));
    }
    return false;
  }

  /** As {@link tell}, unless it was told a moment ago. */
  tellNow(text: string): void {
    const now = this.ports.clock.monotonic();
    if (now - (this.toldAt ?? Number.NEGATIVE_INFINITY) < NOTICE_MS) return;
    this.toldAt = now;
    this.tell(text);
  }

  /** The messenger has something to say; whether or not the disk has room for it. */
  tell(text: string): void {
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

  private bodyOf(names: readonly string[], data: Uint8Array): Body | undefined {
    if (isBody(data)) return decodeBody(data);
    const old = decodeOld(data, this.settings.codePage);
    const from = nameOrNothing(old.from);
    const [first] = names;
    if (from === undefined || first === undefined) return undefined;
    const to = addresseeOrNothing(old.to);
    return {
      kind: 'message',
      id: newId(this.ports.random),
      from,
      time: this.ports.clock.now(),
      to: to !== undefined && names.includes(to) ? to : first,
      text: shortened(old.text),
      level: 'info',
      ttl: undefined,
      thread: undefined,
      wants: undefined,
      reply: undefined,
    };
  }

  private warn(error: unknown): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.ports.log.warn(`messages cannot be kept, and are shown only until this process ends: ${reason}`);
  }
}

/** Where something came from, as far as it is known for certain. */
function originOf({ via, computer, authenticated, address }: Sender): Origin {
  if (via === 'local') return { computer: undefined, authenticated, address: undefined };
  return { computer, authenticated, address };
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
