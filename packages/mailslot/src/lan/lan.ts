import { MailslotError } from '../errors.js';
import {
  LAN_BASE_PACKET,
  LAN_BYTES_PER_SECOND,
  LAN_LINGER_MS,
  LAN_LONGEST_PROBE,
  LAN_PORT,
  LAN_UNICAST_PORT,
  MAX_INTERFACES,
  MAX_PACKET_MESSAGE,
} from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { KeyRing } from '../packet/key-ring.js';
import { aroundMessage } from '../packet/message-writer.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Addressee, Datagram } from '../transport/datagram.js';
import type { Capabilities, Receiver, Transport } from '../transport/transport.js';
import { Follower } from './follower.js';
import { Inbox, shown } from './inbox.js';
import { checkOptions, type LanOptions } from './options.js';
import { Outbox } from './outbox.js';
import { PathDiscovery } from './path-discovery.js';
import { type Peer, Peers } from './peers.js';
import { portRefused } from './port-refused.js';
import { goodOf } from './route.js';
import { type LanSockets, type SocketOptions, Sockets } from './sockets.js';
import type { LanState } from './state.js';

export type { LanOptions } from './options.js';
export type { LanState } from './state.js';

/** The transport `lan`, which can say how it stands. */
export interface LanTransport extends Transport {
  describe(): LanState;
  /** Asks all that are there how long packets may be. What they answer, {@link describe} shows a moment later. */
  probe(): void;
}

/**
 * The computers of a domain on one LAN, by UDP multicast, every packet sealed with the domain's key.
 *
 * Without a key in use it sends nothing and does not listen; so too while no interface is up. It starts all the same, and
 * follows what comes and goes. Starting rejects with MailslotError `ERR_MAILSLOT_IO` if the group's port is not to be had,
 * and may be tried again. `send` throws `ERR_MAILSLOT_MESSAGE_TOO_LARGE`, `ERR_MAILSLOT_INVALID_NAME` for a slot's path
 * over 2,048 bytes, `ERR_MAILSLOT_CLOSED` if the transport is not running.
 *
 * Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`.
 */
export function lanTransport(options: LanOptions, ports: Ports): LanTransport {
  checkOptions(options);
  return new Lan(options, ports, (socketOptions) => new Sockets(socketOptions));
}

/** What the transport is made of; see {@link lanTransport}. Tests bring sockets of their own. */
export class Lan implements LanTransport {
  readonly name = 'lan';
  readonly capabilities: Capabilities = {
    broadcast: true,
    reach: 'lan',
    maxMessageSize: MAX_PACKET_MESSAGE,
    authenticated: true,
  };
  private readonly ring: KeyRing;
  private readonly port: number;
  private readonly ports: Ports;
  private readonly peers: Peers;
  private readonly sockets: LanSockets;
  private readonly paths: PathDiscovery;
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  private readonly follower: Follower;
  private receiver: Receiver | undefined;
  private state: 'new' | 'running' | 'closed' = 'new';
  private stopListening: (() => void) | undefined;
  private warned = '';
  /** Our addresses are others, and nobody was told yet. */
  private hasMoved = false;
  /** No interface is in use: nothing that is sent reaches anybody. */
  private isCutOff = false;

  constructor(options: LanOptions, ports: Ports, open: (options: SocketOptions) => LanSockets) {
    const { keys: ring, interfaces, family = 'any', port = LAN_PORT } = options;
    const { bytesPerSecond = LAN_BYTES_PER_SECOND, unicastPort = LAN_UNICAST_PORT } = options;
    const { clock } = ports;
    this.ring = ring;
    this.port = port;
    this.ports = ports;
    const peers = new Peers(() => this.paths.prober.changed());
    const sockets = open({
      interfaces,
      family,
      port,
      unicastPort,
      onPacket: (packet, from, at) => {
        if (this.receiver !== undefined) this.inbox.take(packet, from, at, this.receiver);
      },
      onTrouble: () => this.follower.followSoon(),
      onChange: (leftOut) => {
        this.paths.prober.abandon();
        peers.restart();
        this.hasMoved = true;
        if (leftOut.length > 0) ports.log.warn(leftOutText(ring.domain, leftOut));
      },
    });
    this.peers = peers;
    this.sockets = sockets;
    const paths = new PathDiscovery({
      peers,
      sockets,
      ports,
      seal: (instance, computer, control) => this.outbox.seal(instance, computer, control),
      left: (bytes) => this.outbox.left(bytes),
    });
    this.paths = paths;
    const onRoom = (): void => this.receiver?.hasRoom();
    this.outbox = new Outbox({ ring, peers, sockets, paths, ports, bytesPerSecond, onRoom });
    const isOwn = (session: string): boolean => this.outbox.isOwn(session);
    this.inbox = new Inbox({ ring, peers, paths, ports, isOwn, ways: () => sockets.mainCount });
    const onLook = (): void => this.look();
    const onFailure = (failure: unknown): void => {
      this.warn(failure);
      this.tellCutOff();
      if (this.hasMoved) paths.tell();
      this.hasMoved = false;
    };
    this.follower = new Follower({ ring, sockets, clock, onLook, onFailure });
  }

  get hindrance(): string | undefined {
    return this.ring.hindrance ?? (this.isCutOff ? 'no interface is in use' : undefined);
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.state !== 'new') throw this.notRunning('was started before: make another one');
    this.state = 'running';
    this.receiver = receiver;
    const failure = await this.follower.first();
    this.hasMoved = false;
    if (this.state !== 'running') throw this.notRunning('was closed while it started');
    if (failure !== undefined && !this.sockets.isHeard) {
      this.state = 'new';
      this.receiver = undefined;
      this.sockets.close();
      throw portRefused(this.ring.domain, this.port, failure);
    }
    this.stopListening = this.ring.onChange(() => this.inbox.reader.sessions.keysChanged());
    this.follower.goOn();
    // Not before the receiver knows that this has started.
    if (!this.sockets.isOpen) this.ports.clock.after(0, () => this.tellCutOff());
  }

  send(datagram: Datagram): boolean {
    if (this.state === 'running') return this.outbox.send(datagram);
    throw this.notRunning('is not running: start it before, and close it after sending');
  }

  /** The network knows no slots: everything is received, and the redirector throws away what it has no slot for. */
  want(): void {}

  async close(): Promise<void> {
    const wasRunning = this.state === 'running';
    this.state = 'closed';
    this.receiver = undefined;
    this.stopListening?.();
    this.paths.stop();
    await this.follower.stop();
    if (wasRunning) await this.linger();
    this.outbox.stop();
    this.sockets.close();
  }

  describe(): LanState {
    const { ring, inbox, outbox, port } = this;
    const now = this.ports.clock.monotonic();
    return {
      ...this.sockets.state,
      domain: ring.domain,
      port,
      keyInUse: ring.inUse?.id,
      keys: ring.keys.map(({ id }) => id),
      peers: this.peers.all().map((peer) => this.stateOf(peer, now)),
      strangers: inbox.strangers.all(),
      sent: outbox.sent,
      received: inbox.received,
      waiting: outbox.size,
      sessions: inbox.reader.sessions.count,
    };
  }

  probe(): void {
    if (this.state === 'running') this.paths.prober.askAll();
  }

  limitTo({ kind, name }: Addressee, slot: string): number {
    if (kind === 'domain') return MAX_PACKET_MESSAGE;
    const limit = this.paths.prober.lostOver(upperCase(name));
    return Math.max(0, Math.min(MAX_PACKET_MESSAGE, limit - this.around(name, slot)));
  }

  provenTo({ kind, name }: Addressee, slot: string): number {
    const key = upperCase(name);
    if (kind === 'domain' || !this.peers.knows(key)) return MAX_PACKET_MESSAGE;
    const held = this.paths.prober.heldTo(key);
    return held >= LAN_LONGEST_PROBE ? MAX_PACKET_MESSAGE : Math.max(0, held - this.around(name, slot));
  }

  private around(to: string, slot: string): number {
    return aroundMessage(this.paths.computer, to, slot);
  }

  /** A domain is reached by whatever there is. */
  reaches({ kind, name }: Addressee): boolean {
    return kind === 'domain' || this.paths.prober.reaches(upperCase(name));
  }

  private stateOf(peer: Peer, now: number): LanState['peers'][number] {
    const { computer, instance, address, heardAt, group, hasAnswered, tooLong } = peer;
    const { candidates } = this.paths.prober.routeTo(peer, LAN_BASE_PACKET);
    const [candidate] = candidates;
    return {
      computer,
      instance,
      address: shown(address),
      silentFor: now - heardAt,
      reachedAt: candidate && shown(candidate.target),
      hasAnswered,
      packetBytes: group.shown,
      lostFrom: Number.isFinite(group.lostFrom) ? group.lostFrom : undefined,
      losing: goodOf(peer)
        .filter(({ path }) => Number.isFinite(path.lostFrom))
        .map(({ target, path: { shown: packetBytes, lostFrom } }) => ({
          address: shown(target),
          packetBytes,
          lostFrom,
        })),
      tooLong,
    };
  }

  /** Sends what waits, for a moment. */
  private async linger(): Promise<void> {
    let alarm: Alarm | undefined;
    const moment = new Promise<void>((resolve) => {
      alarm = this.ports.clock.after(LAN_LINGER_MS, resolve);
    });
    const sent = this.outbox.empty().then(() => this.sockets.idle());
    await Promise.race([sent, moment]);
    alarm?.cancel();
  }

  /** Without a key no socket is open either, and that passes by no waiting. */
  private tellCutOff(): void {
    const isCutOff = this.ring.hindrance === undefined && !this.sockets.isOpen;
    if (this.state !== 'running' || isCutOff === this.isCutOff) return;
    this.isCutOff = isCutOff;
    this.receiver?.connected?.(!isCutOff);
  }

  private look(): void {
    this.inbox.reader.sessions.tick();
    this.paths.tick();
    this.peers.forgetSilent(this.ports.clock.monotonic());
  }

  /** Each failure is said once, until another comes or all is well. */
  private warn(failure: unknown): void {
    const text = failure === undefined ? '' : portRefused(this.ring.domain, this.port, failure).message;
    if (text !== '' && text !== this.warned) this.ports.log.warn(text);
    this.warned = text;
  }

  private notRunning(problem: string): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_CLOSED',
      `the transport lan of domain ${this.ring.domain} ${problem}`,
    );
  }
}

function leftOutText(domain: string, leftOut: readonly string[]): string {
  return (
    `domain ${domain} uses ${MAX_INTERFACES} interfaces and not ${leftOut.join(', ')}: name those that lead to other ` +
    'computers, as "lan": { "interfaces": ["eth0"] } of the domain, in the configuration'
  );
}
