import { u32At } from '../../bytes/reader.js';
import { MailslotError } from '../../errors.js';
import { HELLO_MS, MAX_CLIENTS, MAX_FRAME_BODY, MAX_SENDER_BYTES } from '../../limits.js';
import { diagnostics } from '../diagnostics.js';
import type { Sender } from '../message.js';
import {
  encodeFault,
  encodeInfoAnswer,
  encodeRefused,
  encodeTaken,
  INFO,
  SENDER,
  SYNC,
} from '../wire/frames.js';
import { decodeHello, HELLO_SIZE } from '../wire/greeting.js';
import { type Reason, SHOWN } from './clients.js';
import type { ConnectedWriter, Inbox } from './inbox.js';
import { Intake } from './intake.js';
import { chargeOf } from './queue.js';
import { Refusals } from './refusals.js';
import { Scan } from './scan.js';
import { Senders } from './senders.js';

/** What a writer needs of its socket. */
export interface WriterLink {
  /** Sends `bytes`; false when they wait for the client to read, until {@link Writer.drained}. */
  send(bytes: Uint8Array): boolean;
  /** Lets bytes come again after {@link Writer.mayRead} was false. */
  resume(): void;
  /** Ends the connection once what was sent is on its way. */
  destroy(): void;
  /** As {@link destroy}, and makes sure that a client that reads gets what was sent. */
  finish(): void;
  /** Resolves when the connection's descriptor is given back. */
  readonly closed: Promise<void>;
}

const NO_LINK: WriterLink = {
  send: () => true,
  resume() {},
  destroy() {},
  finish() {},
  closed: Promise.resolve(),
};

/** Whether the other end may say who else sent a message: only the redirector may, which the slot itself has called. */
export type Trust = 'client' | 'redirector';

/** The server's side of one client's connection: takes frames apart, into the inbox, and answers. */
export class Writer implements ConnectedWriter {
  readonly intake: Intake;
  needs = 0;
  isGone = false;
  heard = 0;
  private readonly inbox: Inbox;
  /** Set before any bytes can come. */
  link: WriterLink = NO_LINK;
  private readonly scan = new Scan();
  private readonly refusals = new Refusals();
  private sender: Sender | undefined;
  private decided = 0;
  private blocked = false;
  private isLosing = false;
  private choked = false;
  private syncDue = false;
  private infoDue = false;
  private hasAsked = false;
  /** Length of the large message that has begun and stays where it is read; 0: there is none. */
  private expects = 0;
  private readonly trust: Trust;
  private senderDue = false;
  private readonly senders = new Senders();

  constructor(inbox: Inbox, trust: Trust = 'client') {
    this.inbox = inbox;
    this.trust = trust;
    this.intake = new Intake(inbox.pool);
    if (trust === 'client') inbox.clients.admit(this);
    inbox.writers.add(this);
  }

  get shown(): number {
    if (!this.sender) return SHOWN.nothing;
    if (this.blocked) return SHOWN.waits;
    return this.decided > 0 || this.hasAsked ? SHOWN.use : SHOWN.hello;
  }

  get counts(): boolean {
    const isClient = this.trust === 'client' && this.sender !== undefined;
    return isClient && !(this.hasAsked && this.decided === 0);
  }

  /** Whether more bytes are wanted: not while messages wait for room, or answers for being read. */
  get mayRead(): boolean {
    return !(this.blocked || this.choked || this.isGone);
  }

  /** New bytes are in the intake. */
  arrived(): void {
    this.inbox.heard += 1;
    this.heard = this.inbox.heard;
    try {
      this.parse();
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      this.fault(error);
    }
    this.inbox.arrived();
    if (this.intake.isLent) {
      this.inbox.queue.moveOutOf(this.intake.bytes);
      this.intake.leaveLent();
    }
    this.intake.rest();
    if (!this.isGone) this.answer();
  }

  goOn(): void {
    if (this.isGone) return;
    this.blocked = false;
    this.arrived();
    if (this.mayRead) this.link.resume();
  }

  /** The client has read what was sent. */
  drained(): void {
    if (!this.choked || this.isGone) return;
    this.choked = false;
    this.answer();
    if (this.mayRead) this.link.resume();
  }

  giveUp(): void {
    this.fault(
      new MailslotError('ERR_MAILSLOT_TIMEOUT', 'a message was begun and not finished while others waited'),
    );
  }

  turnAway(reason: Reason): void {
    if (reason === 'no hello') this.fault(silent());
    else {
      if (this.decided > 0) this.link.send(encodeTaken(this.decided));
      this.fault(oneTooMany(this.inbox.name));
    }
  }

  close(): Promise<void> {
    if (!this.isGone) {
      this.link.send(encodeTaken(this.decided));
      this.link.finish();
      this.gone();
    }
    return this.link.closed;
  }

  /** The connection has ended. */
  gone(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.intake.close();
    this.inbox.forget(this);
    if (this.sender && diagnostics.disconnect.hasSubscribers) {
      diagnostics.disconnect.publish({ name: this.inbox.name, pid: this.sender.pid });
    }
  }

  private parse(): void {
    if (!this.sender && !this.greeted()) return;
    const { intake, inbox, scan } = this;
    const body = intake.takeBody();
    if (body) this.takeLarge(body, 0, body.length - 4);
    if (this.expects > 0 && !this.takeExpected()) return;
    while (!this.blocked) {
      if (this.isLosing && !this.loseSkipped()) return;
      if (this.senderDue && !this.changeSender()) return;
      scan.over(intake.bytes, intake.at, intake.end, inbox.messageLimit, inbox.roomFor(this));
      if (scan.count > 0) this.takeScanned();
      if (intake.end - intake.at < 4) return;
      const word = u32At(intake.bytes, intake.at);
      if (word > MAX_FRAME_BODY) this.request(word);
      else if (!this.admit(word)) return;
    }
  }

  private greeted(): boolean {
    const { intake } = this;
    if (intake.end - intake.at < HELLO_SIZE) return false;
    const pid = decodeHello(intake.bytes.subarray(intake.at, intake.at + HELLO_SIZE));
    intake.at += HELLO_SIZE;
    this.sender = { via: 'local', authenticated: true, pid };
    this.inbox.clients.greeted(this);
    if (diagnostics.connect.hasSubscribers) diagnostics.connect.publish({ name: this.inbox.name, pid });
    return true;
  }

  private takeScanned(): void {
    const { intake, scan } = this;
    const { bytes, at } = intake;
    const { count, charge, end } = scan;
    this.inbox.take({ bytes, at, end, count, sender: this.sender as Sender }, charge);
    this.decided += scan.count;
    intake.at = scan.end;
  }

  /** Takes the large message that stays where it was read, once all of it is here; false: it is not. */
  private takeExpected(): boolean {
    const { intake, expects: size } = this;
    const isComplete = intake.end - intake.at >= 4 + size;
    if (!isComplete && intake.staysLent(size)) return false;
    this.expects = 0;
    if (!isComplete) intake.beginBody(size);
    else {
      this.takeLarge(intake.bytes, intake.at, size);
      intake.at += 4 + size;
    }
    return isComplete;
  }

  /** Takes a message for which room was kept. */
  private takeLarge(bytes: Buffer, at: number, size: number): void {
    this.inbox.settle(this);
    const run = { bytes, at, end: at + 4 + size, count: 1, sender: this.sender as Sender };
    this.inbox.take(run, chargeOf(size));
    this.decided += 1;
  }

  /** Deals with a message that cannot be taken yet: incomplete, or without room. False: more bytes are needed. */
  private admit(size: number): boolean {
    const { intake, inbox } = this;
    if (size > inbox.messageLimit) throw tooLong(size, inbox.messageLimit);
    const isComplete = intake.end - intake.at - 4 >= size;
    if (!isComplete && !intake.isLarge(size)) return false;
    const room = isComplete ? inbox.roomFor(this) : inbox.roomToBegin(this);
    if (chargeOf(size) > room) return this.withoutRoom(size, isComplete);
    if (isComplete) return true;
    inbox.reserve(this, chargeOf(size));
    if (intake.staysLent(size)) this.expects = size;
    else intake.beginBody(size);
    return false;
  }

  private withoutRoom(size: number, isComplete: boolean): boolean {
    if (this.inbox.whenFull === 'block') {
      this.blocked = true;
      this.needs = chargeOf(size);
      if (isComplete) this.inbox.wait(this);
      else this.inbox.waitToBegin(this);
      return false;
    }
    this.inbox.refuse();
    this.intake.skip(size);
    this.isLosing = true;
    return true;
  }

  /** Counts the message that is being skipped, once all of it has come: what was never finished was no message. */
  private loseSkipped(): boolean {
    if (this.intake.isSkipping) return false;
    this.isLosing = false;
    this.inbox.lose();
    if (this.inbox.whenFull === 'reject') this.refusals.add(this.decided);
    this.decided += 1;
    return true;
  }

  private request(word: number): void {
    this.intake.passWord();
    if (word === SYNC) this.syncDue = true;
    else if (word === INFO) this.infoDue = true;
    else if (word === SENDER && this.trust === 'redirector') this.senderDue = true;
    else
      throw new MailslotError(
        'ERR_MAILSLOT_MALFORMED',
        `the client made an unknown request 0x${word.toString(16)}`,
      );
  }

  /** Reads who sent the messages that follow; false: more bytes are needed. */
  private changeSender(): boolean {
    const { intake } = this;
    if (intake.end - intake.at < 4) return false;
    const size = u32At(intake.bytes, intake.at);
    if (size > MAX_SENDER_BYTES) throw tooLong(size, MAX_SENDER_BYTES);
    if (intake.end - intake.at - 4 < size) return false;
    this.sender = this.senders.of(intake.bytes.subarray(intake.at + 4, intake.at + 4 + size));
    this.senderDue = false;
    intake.at += 4 + size;
    return true;
  }

  /** Sends what is due. While the client does not read, nothing more is read from it, so no more becomes due. */
  private answer(): void {
    if (this.choked) return;
    const parts = this.refusals.take().map(({ first, count }) => encodeRefused(first, count));
    if (this.syncDue) parts.push(encodeTaken(this.decided));
    if (this.infoDue) {
      this.hasAsked = true;
      parts.push(encodeInfoAnswer(this.inbox.info()));
    }
    this.syncDue = false;
    this.infoDue = false;
    const [first] = parts;
    if (first === undefined) return;
    this.choked = !this.link.send(parts.length === 1 ? first : Buffer.concat(parts));
  }

  private fault(error: MailslotError): void {
    this.inbox.counters.faults += 1;
    if (diagnostics.fault.hasSubscribers) {
      diagnostics.fault.publish({ name: this.inbox.name, pid: this.sender?.pid ?? 0, error });
    }
    this.link.send(encodeFault(error));
    this.link.destroy();
    this.gone();
  }
}

function silent(): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_TIMEOUT',
    `the client did not say hello within ${HELLO_MS / 1000} s`,
  );
}

function oneTooMany(name: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `${name} has ${MAX_CLIENTS} clients, as many as it takes, and of these this one has been silent the longest: ` +
      'close clients that are not used, and open it again',
  );
}

function tooLong(size: number, limit: number): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `a message of ${size} bytes was sent where at most ${limit} are taken`,
    {
      size,
      limit,
    },
  );
}
