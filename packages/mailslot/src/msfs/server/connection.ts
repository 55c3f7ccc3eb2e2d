import { u32At } from '../../bytes/reader.js';
import { MailslotError } from '../../errors.js';
import { HELLO_MS, MAX_CLIENTS, MAX_FRAME_BODY, MAX_SENDER_BYTES, SHOWN_BODY } from '../../limits.js';
import type { Sender } from '../../name/sender.js';
import { diagnostics } from '../diagnostics.js';
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
import type { Inbox, InboxConnection } from './inbox.js';
import { chargeOf } from './queue.js';
import { ReadBuffers } from './read-buffers.js';
import { Refusals } from './refusals.js';
import { Scan } from './scan.js';
import { Senders } from './senders.js';

/** What a writer needs of its socket. */
export interface ConnectionLink {
  /** Sends `bytes`; false when they wait for the client to read, until {@link Connection.drained}. */
  send(bytes: Uint8Array): boolean;
  /** Lets bytes come again after {@link Connection.mayRead} was false. */
  resume(): void;
  /** Ends the connection once what was sent is on its way. */
  destroy(): void;
  /** As {@link destroy}, and makes sure that a client that reads gets what was sent. */
  finish(): void;
  /** Resolves when the connection's descriptor is given back. */
  readonly closed: Promise<void>;
}

const NO_LINK: ConnectionLink = {
  send: () => true,
  resume() {},
  destroy() {},
  finish() {},
  closed: Promise.resolve(),
};

/** Whether the other end may say who else sent a message: only the redirector may, which the slot itself has called. */
export type Trust = 'client' | 'redirector';

/** The server's side of one client's connection: takes frames apart, into the inbox, and answers. */
export class Connection implements InboxConnection {
  readonly buffers: ReadBuffers;
  needs = 0;
  isGone = false;
  heard = 0;
  private readonly inbox: Inbox;
  /** Set before any bytes can come. */
  link: ConnectionLink = NO_LINK;
  private readonly scan = new Scan();
  private readonly refusals = new Refusals();
  private sender: Sender | undefined;
  private decided = 0;
  private blocked = false;
  private choked = false;
  private syncDue = false;
  private infoDue = false;
  private hasAsked = false;
  /** Length of the large message that has begun and stays where it is read; 0: there is none. */
  private expects = 0;
  /** The large message that is here and waits for room in the queue. */
  private whole: Buffer | undefined;
  private readonly trust: Trust;
  private senderDue = false;
  private readonly senders = new Senders();

  constructor(inbox: Inbox, trust: Trust = 'client') {
    this.inbox = inbox;
    this.trust = trust;
    this.buffers = new ReadBuffers(inbox.pool);
    if (trust === 'client') inbox.clients.admit(this);
    inbox.writers.add(this);
  }

  get shown(): number {
    if (!this.sender) return SHOWN.nothing;
    if (this.needs > 0) return SHOWN.waits;
    return this.decided > 0 || this.hasAsked ? SHOWN.use : SHOWN.hello;
  }

  get hasShown(): boolean {
    return this.buffers.begun >= SHOWN_BODY;
  }

  get counts(): boolean {
    const isClient = this.trust === 'client' && this.sender !== undefined;
    return isClient && !(this.hasAsked && this.decided === 0);
  }

  /** Whether more bytes are wanted: not while messages wait for room, or answers for being read. */
  get mayRead(): boolean {
    return !(this.blocked || this.choked || this.isGone);
  }

  /** New bytes are in the buffers. */
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
    if (this.buffers.isLent) {
      this.inbox.queue.moveOutOf(this.buffers.bytes);
      this.buffers.leaveLent();
    }
    this.buffers.rest();
    if (!this.isGone) this.answer();
  }

  goOn(): void {
    if (this.isGone) return;
    this.blocked = false;
    this.needs = 0;
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
      this.sayDecided();
      this.fault(oneTooMany(this.inbox.name, reason));
    }
  }

  close(): Promise<void> {
    if (!this.isGone) {
      this.sayDecided();
      this.link.finish();
      this.gone();
    }
    return this.link.closed;
  }

  /** The connection has ended. */
  gone(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.buffers.close();
    this.whole = undefined;
    this.inbox.forget(this);
    if (this.sender && diagnostics.disconnect.hasSubscribers) {
      diagnostics.disconnect.publish({ name: this.inbox.name, pid: this.sender.pid });
    }
  }

  private parse(): void {
    if (!this.sender && !this.greeted()) return;
    const { buffers, inbox, scan } = this;
    const body = this.whole ?? buffers.takeBody();
    if (body && !this.takeWhole(body)) return;
    if (this.expects > 0 && !this.takeExpected()) return;
    while (!this.blocked) {
      if (this.senderDue && !this.changeSender()) return;
      scan.over(buffers.bytes, buffers.at, buffers.end, inbox.messageLimit, inbox.roomFor(this));
      if (scan.count > 0) this.takeScanned();
      if (buffers.end - buffers.at < 4) return;
      const word = u32At(buffers.bytes, buffers.at);
      if (word > MAX_FRAME_BODY) this.request(word);
      else if (!this.admit(word)) return;
    }
  }

  private greeted(): boolean {
    const { buffers } = this;
    if (buffers.end - buffers.at < HELLO_SIZE) return false;
    const pid = decodeHello(buffers.bytes.subarray(buffers.at, buffers.at + HELLO_SIZE));
    buffers.at += HELLO_SIZE;
    this.sender = { via: 'local', authenticated: true, pid };
    this.inbox.clients.greeted(this);
    if (diagnostics.connect.hasSubscribers) diagnostics.connect.publish({ name: this.inbox.name, pid });
    return true;
  }

  private takeScanned(): void {
    const { buffers, scan } = this;
    const { bytes, at } = buffers;
    const { count, charge, end } = scan;
    this.inbox.take({ bytes, at, end, count, sender: this.sender as Sender }, charge);
    this.decided += scan.count;
    buffers.at = scan.end;
  }

  /** Whether the large message that stays where it was read is here now, to be taken as any other. */
  private takeExpected(): boolean {
    const { buffers, expects: size } = this;
    const isComplete = buffers.end - buffers.at >= 4 + size;
    if (!isComplete && buffers.staysLent(size)) return false;
    this.expects = 0;
    if (isComplete) this.inbox.settle(this);
    else buffers.beginBody(size);
    return isComplete;
  }

  /** Takes the large message that has a buffer of its own, or loses it; false: it waits for room in the queue. */
  private takeWhole(bytes: Buffer): boolean {
    const { inbox } = this;
    const charge = chargeOf(bytes.length - 4);
    if (charge <= inbox.roomFor(this)) {
      inbox.take({ bytes, at: 0, end: bytes.length, count: 1, sender: this.sender as Sender }, charge);
      this.decided += 1;
    } else if (inbox.whenFull === 'block') {
      this.whole = bytes;
      inbox.arrivals.complete(this);
      this.waitForRoom(charge);
      return false;
    } else this.lose();
    this.whole = undefined;
    inbox.settle(this);
    return true;
  }

  /** Deals with a message that cannot be taken yet: incomplete, or without room. False: more bytes are needed, or room. */
  private admit(size: number): boolean {
    const { buffers, inbox } = this;
    if (size > inbox.messageLimit) throw tooLong(size, inbox.messageLimit);
    if (buffers.end - buffers.at - 4 < size) {
      if (buffers.isLarge(size)) this.begin(size);
      return false;
    }
    if (chargeOf(size) <= inbox.roomFor(this)) return true;
    if (inbox.whenFull === 'block') {
      this.waitForRoom(chargeOf(size));
      return false;
    }
    this.lose();
    buffers.at += 4 + size;
    return true;
  }

  /** A large message has begun: its rest needs room among those that are arriving, whatever the rule of the queue. */
  private begin(size: number): void {
    const { buffers, inbox } = this;
    const charge = chargeOf(size);
    if (!inbox.arrivals.begin(this, charge)) {
      this.blocked = true;
      return;
    }
    if (buffers.staysLent(size)) this.expects = size;
    else buffers.beginBody(size);
  }

  private waitForRoom(charge: number): void {
    this.blocked = true;
    this.needs = charge;
    this.inbox.wait(this);
  }

  /** Counts a message that is here and finds no room, by a rule that does not let its writer wait. */
  private lose(): void {
    this.inbox.lose();
    if (this.inbox.whenFull === 'reject') this.refusals.add(this.decided);
    this.decided += 1;
  }

  private request(word: number): void {
    this.buffers.passWord();
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
    const { buffers } = this;
    if (buffers.end - buffers.at < 4) return false;
    const size = u32At(buffers.bytes, buffers.at);
    if (size > MAX_SENDER_BYTES) throw tooLong(size, MAX_SENDER_BYTES);
    if (buffers.end - buffers.at - 4 < size) return false;
    this.sender = this.senders.of(buffers.bytes.subarray(buffers.at + 4, buffers.at + 4 + size));
    this.senderDue = false;
    buffers.at += 4 + size;
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

  /**
   * Says for the last time what is decided, in the middle of a turn, too, as when a reader closes the slot: what was
   * refused and is not told yet comes first, or its client would take it for taken.
   */
  private sayDecided(): void {
    const refused = this.refusals.take().map(({ first, count }) => encodeRefused(first, count));
    this.link.send(Buffer.concat([...refused, encodeTaken(this.decided)]));
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

function oneTooMany(name: string, reason: Exclude<Reason, 'no hello'>): MailslotError {
  const full = {
    'too many': `${name} has ${MAX_CLIENTS} clients, as many as it takes`,
    'no descriptors': `the process of ${name} has no file descriptors left for more clients (see its \`ulimit -n\`)`,
  };
  return new MailslotError(
    'ERR_MAILSLOT_NO_RESOURCES',
    `${full[reason]}, and of these this one has been silent the longest: ` +
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
