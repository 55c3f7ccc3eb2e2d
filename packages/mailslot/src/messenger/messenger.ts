import { existsSync } from 'node:fs';
import { MailslotError } from '../errors.js';
import { COMPUTER_RECHECK_MS, MAX_SEEN, RECEIPT_SPREAD_MS, SEEN_MS } from '../limits.js';
import type { Message } from '../msfs/message.js';
import { slotOf } from '../name/people.js';
import type { Alarm } from '../ports/clock.js';
import { type Ports, realPorts } from '../ports/ports.js';
import { encodeBody } from './body.js';
import { compose, type SendOptions } from './compose.js';
import { Deliveries } from './deliveries.js';
import { watchFolder } from './folder.js';
import { History } from './history.js';
import { partnersIn } from './history-names.js';
import { Incoming } from './incoming.js';
import { Membership } from './members.js';
import { EVERYBODY, messengerName, nameOrNothing } from './name.js';
import { noAlias, refuseOwn } from './name-list.js';
import { type NameEntry, Names } from './names.js';
import { changeAliases, readAliases } from './names-file.js';
import type { Note, ReceiptKind } from './note.js';
import type { HistoryEvent } from './note-index.js';
import { sendToPeople } from './reach-people.js';
import { sendBack, sendHere } from './sending.js';
import { computerName, computerOf, type MessengerOptions, type Settings, settingsOf } from './settings.js';
import { type Context, onceOnly } from './slots.js';
import type { MessengerStatistics } from './tally.js';
import { newId } from './who.js';

/**
 * Starts a messenger: it has the names of this computer and this user, those that `addName` has kept, and hears what is for
 * everybody. What comes is in its history, and told to who listens.
 *
 * Without a domain it hears, and reaches, this computer alone; a warning says so once. Of several messengers of one root
 * the first has the names, and another takes them over when it ends; those with the same history show the same.
 *
 * Rejects with `ERR_MAILSLOT_INVALID_ARGUMENT`, `ERR_MAILSLOT_UNUSABLE_ROOT`, `ERR_MAILSLOT_UNUSABLE_CONFIG`, `ERR_MAILSLOT_NO_RESOURCES`.
 */
export async function startMessenger(options: MessengerOptions = {}): Promise<Messenger> {
  return startWith(options, realPorts);
}

/** As {@link startMessenger}, in another world. */
export async function startWith(options: MessengerOptions, ports: Ports): Promise<Messenger> {
  const settings = settingsOf(options);
  const messenger = new Messenger(settings, new History(settings.folder, ports), ports);
  try {
    await messenger.begin();
  } catch (error) {
    await messenger.close();
    throw error;
  }
  return messenger;
}

/** A messenger that runs, until `close()` or the end of this process. Made by `startMessenger`. */
export class Messenger implements AsyncDisposable {
  /** The name that messages are sent under. */
  readonly user: string;
  /** What was received and sent. Adding to it, and confirming, may be done here or there. */
  readonly history: History;
  readonly #settings: Settings;
  readonly #ports: Ports;
  readonly #around: Context;
  readonly #incoming: Incoming;
  readonly #names: Names;
  readonly #membership: Membership;
  readonly #deliveries: Deliveries;
  #computer: string;
  /** Whether the redirector has said what the computer is called. */
  #isTold = false;
  readonly #alarms = new Set<Alarm>();
  /** How to end what looks at the folder. */
  readonly #stops = new Set<() => void>();
  /** When somebody of a name answered or wrote. */
  readonly #seenAt = new Map<string, number>();
  #kept: readonly string[] = [];
  #closing: Promise<void> | undefined;

  /** Not for users, who call `startMessenger`. */
  constructor(settings: Settings, history: History, ports: Ports) {
    this.#computer = computerOf(settings.computer);
    this.user = settings.user;
    this.history = history;
    this.#settings = settings;
    this.#ports = ports;
    const computer = (): string => this.#computer;
    this.#around = aroundOf(settings, ports, computer, (name) => {
      this.#isTold = true;
      this.#isCalled(name);
    });
    this.#deliveries = new Deliveries(ports.clock);
    this.#incoming = new Incoming(
      { settings, history, ports, computer },
      {
        shown: (note) => this.#shown(note),
        asked: (question, from) => this.#names.heardWho(question, from),
      },
    );
    this.#membership = new Membership(this.#around, (message) => this.#takeForAll(message));
    this.#names = new Names({
      from: settings.user,
      around: this.#around,
      deliveries: this.#deliveries,
      isMember: () => this.#membership.isHeld,
      squatted: (name, by) => this.#incoming.tellNow(squattedText(name, by)),
      hear: (name, message) => this.#incoming.take([name], message),
      hearForAll: (message) => {
        this.#passOn(message.data);
        this.#takeForAll(message);
      },
    });
  }

  /** The name of this computer. */
  get computer(): string {
    return this.#computer;
  }

  /** Not for users. */
  async begin(): Promise<void> {
    this.#follow((event) => this.#happened(event));
    this.history.onRemade(() => this.#remade());
    await this.#membership.begin();
    await this.#names.want(EVERYBODY, 'everybody');
    await this.#names.want(this.computer, 'computer');
    await this.#names.want(this.user, 'user');
    this.#followHost(computerOf(this.#settings.computer));
    const { folder, names } = this.#settings;
    this.#kept = folder === undefined ? [] : readAliases(folder);
    await Promise.all([...new Set([...names, ...this.#kept])].map((name) => this.#names.want(name, 'alias')));
    if (folder === undefined) return;
    this.#stops.add(watchFolder(folder, this.#ports.clock, () => this.#adoptKept(folder)));
  }

  /** The names of this messenger, and whether it has them now. */
  names(): readonly NameEntry[] {
    return this.#names.entries();
  }

  /**
   * Adds an alias, which is kept with the history, after asking all computers of the domain, which takes half a second.
   * What cannot be kept is not added.
   *
   * Rejects with `ERR_MAILSLOT_ALREADY_EXISTS` when somebody has the name, `ERR_MAILSLOT_INVALID_ARGUMENT`,
   * `ERR_MAILSLOT_NO_RESOURCES` beyond 32 aliases.
   */
  async addName(name: string): Promise<void> {
    const alias = messengerName(name);
    this.#checkOpen();
    refuseOwn(alias, this);
    const wasOurs = this.#names.has(alias);
    await this.#names.add(alias);
    try {
      this.#keep((aliases) => [...new Set([...aliases, alias])]);
    } catch (error) {
      if (!wasOurs) await this.#names.release(alias);
      throw error;
    }
  }

  /** Gives an alias back. Rejects with `ERR_MAILSLOT_NOT_FOUND` when there is none of that name. */
  async removeName(name: string): Promise<void> {
    const alias = messengerName(name);
    this.#checkOpen();
    if (!(await this.#names.release(alias))) throw noAlias(alias);
    this.#keep((aliases) => aliases.filter((each) => each !== alias));
  }

  /**
   * Sends a message to a name, or with `*` to everybody; resolves with the note in the history when it was handed to the
   * network, or when there is no domain to whoever has the name here. What the disk has no room for is sent all the same.
   *
   * Rejects with `ERR_MAILSLOT_NOT_FOUND` when nobody answers to the name, or there is no domain and nobody here has it, or this
   * computer is not in `options.domain`,
   * `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, `ERR_MAILSLOT_INVALID_ARGUMENT` (also for a `from` that is not ours), as
   * `openMailslot` does, and with the signal's reason.
   */
  async send(to: string, text: string, options: SendOptions = {}): Promise<Note> {
    this.#checkOpen();
    const from = this.#ownName(options.from);
    const { clock, random } = this.#ports;
    const head = { id: newId(random), from, time: clock.now(), reply: slotOf(from) };
    const body = compose(head, to, text, options);
    // What is too large is refused before anything is written down.
    encodeBody(body);
    // A disk that fails is no reason to send nothing.
    this.#incoming.attempt(() => this.history.announce(body.id));
    const anyway = options.anyway || this.#names.has(body.to) || this.#isThere(body.to);
    const known = (): string[] => partnersIn(this.history);
    const tell = (text: string): void => this.#incoming.tellNow(text);
    const what = { body, domain: options.domain, anyway, known, tell };
    const reached = await sendToPeople(what, this.#around, options.signal);
    if (reached === 'cut-off')
      this.#incoming.tellNow('Nothing leads to other computers now: what you send stays on this one.');
    if (!anyway) this.#seen(body.to);
    const { kind: _kind, ...said } = body;
    const note: Note = {
      ...said,
      computer: undefined,
      authenticated: true,
      receivedAt: clock.now(),
      isOwn: true,
      isRead: true,
      isNotice: false,
      receipts: [],
    };
    return this.#incoming.keepSent(note);
  }

  /** Calls back for each new note: received, sent by us, or a notice; from any process with this history. Returns how to stop. */
  onNote(listener: (note: Note) => unknown): () => void {
    return this.#follow(({ kind, note }) => (kind === 'note' ? listener(note) : undefined));
  }

  /** Calls back for each note that was confirmed, or got a receipt. Returns how to stop. */
  onChange(listener: (note: Note) => unknown): () => void {
    return this.#follow(({ kind, note }) => (kind === 'change' ? listener(note) : undefined));
  }

  /** A person has confirmed a note. If its sender would like to know, and this messenger gives such receipts, it is told. */
  async confirm(id: string): Promise<void> {
    this.#checkOpen();
    this.history.markRead(id);
  }

  /** What became of everything that came. */
  statistics(): MessengerStatistics {
    return this.#incoming.statistics();
  }

  /** Gives all names back. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** As `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    for (const stop of this.#stops) stop();
    for (const alarm of this.#alarms) alarm.cancel();
    this.#incoming.attempt(() => this.history.writeLate());
    this.#deliveries.close();
    await Promise.all([this.#membership.close(), this.#names.close()]);
  }

  /** Whether somebody of that name has shown to be there a moment ago. */
  #isThere(name: string): boolean {
    const at = this.#seenAt.get(name);
    return at !== undefined && this.#ports.clock.monotonic() - at < SEEN_MS;
  }

  #seen(name: string): void {
    this.#seenAt.delete(name);
    this.#seenAt.set(name, this.#ports.clock.monotonic());
    if (this.#seenAt.size > MAX_SEEN) this.#seenAt.delete(this.#seenAt.keys().next().value as string);
  }

  #shown(note: Note): void {
    if (note.authenticated) this.#seen(note.from);
    if (note.wants !== undefined && this.#settings.receipts !== 'nothing')
      this.#giveReceipt(note, 'delivered');
  }

  #takeForAll(message: Message): void {
    const names = [EVERYBODY, this.#computer].filter((name) => this.#names.isForAll(name));
    this.#incoming.take(names, message);
  }

  /** What a program of this computer wrote to a slot that is for all, to the others: as it is, and before it is kept here. */
  #passOn(data: Buffer): void {
    for (const path of this.#membership.others()) {
      this.#deliveries.add(path, (signal) => sendHere(path, data, this.#around, signal));
    }
  }

  /** Without a redirector nobody tells when the host, or its configuration, has another name. */
  #followHost(before: string): void {
    if (this.#settings.computer !== undefined) return;
    const alarm = this.#ports.clock.afterIdle(COMPUTER_RECHECK_MS, () => {
      this.#alarms.delete(alarm);
      let now = before;
      try {
        now = computerOf(undefined);
      } catch {
        // A configuration that is being written, or a host whose name is none: it stays as it was.
      }
      // Who has a redirector hears it from there.
      if (now !== before && !this.#isTold) this.#isCalled(now);
      this.#followHost(now);
    });
    this.#alarms.add(alarm);
  }

  /** This computer has another name now. */
  #isCalled(name: string): void {
    const [before, now] = [this.#computer, nameOrNothing(name)];
    if (this.#settings.computer !== undefined || now === undefined || now === before) return;
    this.#computer = now;
    this.#names.renameComputer(before, now).catch((error: unknown) => {
      this.#ports.log.warn(`the name ${now} of this computer cannot be had: ${String(error)}`);
    });
  }

  #follow(listener: (event: HistoryEvent) => unknown): () => void {
    const stop = this.history.follow(listener);
    this.#stops.add(stop);
    return () => {
      this.#stops.delete(stop);
      stop();
    };
  }

  /** Whichever process confirmed a note, the one that it came to tells its sender. */
  #happened(event: HistoryEvent): void {
    const { note } = event;
    if (event.kind !== 'change' || event.what !== 'read' || note.isOwn || note.wants !== 'read') return;
    const isHere = this.#names.has(this.#names.isForAll(note.to) ? this.user : note.to);
    if (isHere && this.#settings.receipts === 'read') this.#giveReceipt(note, 'read');
  }

  #giveReceipt({ id, to, reply, computer }: Note, kind: ReceiptKind): void {
    if (reply === undefined) return;
    const { clock, random } = this.#ports;
    const from = to === EVERYBODY ? this.user : to;
    // To a message for all a whole LAN gives one.
    const [chance = 0] = random.bytes(1);
    const alarm = clock.after(to === EVERYBODY ? (chance / 256) * RECEIPT_SPREAD_MS : 0, () => {
      this.#alarms.delete(alarm);
      const body = encodeBody({ kind, from, time: clock.now(), of: id });
      this.#deliveries.add(`${computer ?? ''}/${reply}`, (signal) =>
        sendBack({ computer, reply }, body, this.#around, signal),
      );
    });
    this.#alarms.add(alarm);
  }

  /** Somebody removed the folder: the names are in it again before anybody finds that there are none. */
  #remade(): void {
    const kept = this.#kept;
    if (kept.length > 0) this.#incoming.attempt(() => this.#keep(() => kept));
    this.#incoming.tell(
      `The folder ${this.history.folder} was removed, and has been made again. ` +
        'What was in it is shown here until this messenger ends.',
    );
  }

  /** Somebody else may have changed the names that are kept. */
  #adoptKept(folder: string): void {
    // A folder that was removed is made again with the names that are still ours.
    if (!existsSync(folder)) return;
    const before = this.#kept;
    try {
      this.#kept = readAliases(folder);
    } catch {
      return;
    }
    const isChosen = (name: string): boolean => this.#settings.names.includes(name);
    const gone = before.filter((name) => !this.#kept.includes(name) && !isChosen(name));
    const fresh = this.#kept.filter((name) => !before.includes(name));
    // What cannot be taken now is told by `names()`.
    for (const name of gone) this.#names.release(name).catch(() => {});
    for (const name of fresh) this.#names.want(name, 'alias').catch(() => {});
  }

  #keep(change: (aliases: readonly string[]) => readonly string[]): void {
    const { folder } = this.#settings;
    if (folder === undefined) return;
    changeAliases(folder, this.#ports.clock, change);
    this.#kept = readAliases(folder);
  }

  #kindOf(name: string): NameEntry['kind'] | undefined {
    return this.names().find((entry) => entry.name === name)?.kind;
  }

  #ownName(from: string | undefined): string {
    if (from === undefined) return this.user;
    const name = messengerName(from);
    if (this.#kindOf(name) !== undefined) return name;
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      `${name} is no name of this messenger, so nothing is sent under it`,
      { remedy: 'add it first' },
    );
  }

  #checkOpen(): void {
    if (this.#closing) throw new MailslotError('ERR_MAILSLOT_CLOSED', 'this messenger was closed');
  }
}

function squattedText(name: string, by: number): string {
  return (
    `uid ${by} has your name ${name} on this computer, so what is sent to it does not reach you. ` +
    'Only root can clear that away, by ending the process; the name is yours as soon as it is free.'
  );
}

function aroundOf(
  { root, scope }: Settings,
  ports: Ports,
  computer: () => string,
  isCalled: (name: string) => void,
): Context {
  const onComputer = (name: string): void => isCalled(computerName(name));
  return { root, scope, ports, feedLog: onceOnly(ports.log), computer, onComputer };
}
