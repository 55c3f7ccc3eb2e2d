import type { RemoteInfo } from 'node:dgram';
import { MailslotError } from '../errors.js';
import { MAX_CLOCK_SKEW_MS } from '../limits.js';
import type { DecodedPacket } from '../packet/message-reader.js';
import { PacketReader } from '../packet/packet-reader.js';
import type { SessionsParts } from '../packet/sessions.js';
import type { Receiver, TransportDrop } from '../transport/transport.js';
import type { Arrival, PathDiscovery } from './path-discovery.js';
import type { Peers, Target } from './peers.js';
import { Strangers } from './strangers.js';
import type { UdpAddress } from './udp-address.js';

/** What was received so far. */
export interface ReceivedCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly messages: number;
  /** Our own packets that came back. */
  readonly own: number;
  /** Copies that other interfaces, or the other family, brought. */
  readonly copies: number;
  /** Packets that were thrown away. */
  readonly dropped: Readonly<Record<TransportDrop, number>>;
}

/** What the inbox works with. */
export interface InboxParts extends SessionsParts {
  readonly peers: Peers;
  readonly paths: Pick<PathDiscovery, 'received'>;
}

/** What comes from the network: opened, or thrown away and counted. */
export class Inbox {
  readonly reader: PacketReader;
  readonly strangers: Strangers;
  private readonly parts: InboxParts;
  private readonly counts = { packets: 0, bytes: 0, messages: 0, own: 0, copies: 0 };
  private readonly dropped: Record<TransportDrop, number> = {
    malformed: 0,
    foreign: 0,
    forged: 0,
    replay: 0,
    flood: 0,
    'too-large': 0,
  };

  constructor(parts: InboxParts) {
    this.parts = parts;
    this.reader = new PacketReader(parts);
    this.strangers = new Strangers(parts.ports.clock);
  }

  get received(): ReceivedCounts {
    return { ...this.counts, dropped: { ...this.dropped } };
  }

  /** @param at the address of ours that it was sent to; `undefined`: the group */
  take(packet: Buffer, from: RemoteInfo, at: UdpAddress | undefined, receiver: Receiver): void {
    this.counts.packets += 1;
    this.counts.bytes += packet.length;
    const decoded = this.reader.open(packet, undefined, from.address);
    if (decoded === 'own') this.counts.own += 1;
    else if (decoded === 'copy') this.counts.copies += 1;
    else if (typeof decoded === 'string') this.drop(decoded, from, receiver);
    else if (this.control(decoded, { size: packet.length, from, at })) this.deliver(decoded, from, receiver);
    else this.drop('malformed', from, receiver);
  }

  private drop(reason: TransportDrop, { address }: RemoteInfo, receiver: Receiver): void {
    this.dropped[reason] += 1;
    this.strangers.heard(address, reason);
    receiver.dropped(reason, 1);
  }

  /** What it says to the transport itself. False: that is malformed. */
  private control(decoded: DecodedPacket, arrival: Arrival): boolean {
    this.learn(decoded, arrival.from);
    try {
      for (const each of decoded.controls ?? []) this.parts.paths.received(decoded, each, arrival);
      return true;
    } catch (error) {
      if (!(error instanceof MailslotError)) throw error;
      return false;
    }
  }

  private deliver(decoded: DecodedPacket, from: RemoteInfo, receiver: Receiver): void {
    this.counts.messages += decoded.datagrams.length;
    const origin = { address: shown(from) };
    const receive = (): void => {
      for (const datagram of decoded.datagrams) receiver.received(datagram, origin);
    };
    if (receiver.together) receiver.together(receive);
    else receive();
  }

  /**
   * No seal covers addresses: only what was sent just now tells one, or somebody with an old recording could say where
   * that instance is. Port 0 cannot be written to.
   */
  private learn({ instance, computer, datagrams, controls }: DecodedPacket, from: Target): void {
    const { peers, ports } = this.parts;
    const { clock } = ports;
    const stamp = datagrams[0]?.identity.stamp ?? controls?.[0]?.stamp;
    if (stamp === undefined || from.port === 0) return;
    if (Math.abs(clock.now() - stamp) > MAX_CLOCK_SKEW_MS) return;
    peers.heard(instance, computer, from, clock.monotonic());
  }
}

/** `10.99.0.11:51234`, `[fe80::1%eth0]:51234`. */
export function shown({ address, port }: Target): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
