import {
  ClearPacketReader,
  type DecodedPacket,
  type KeyRing,
  PacketReader,
  type Ports,
  type Receiver,
  type TransportDrop,
} from 'mailslot/transports';
import { senderIn, Tokens } from './subjects.js';

/** What was received so far. */
export interface ReceivedCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly messages: number;
  /** Packets that were thrown away. */
  readonly dropped: Readonly<Record<TransportDrop, number>>;
}

/** What the inbox works with. */
export interface InboxParts {
  readonly domain: string;
  /** Undefined: in clear. */
  readonly ring: KeyRing | undefined;
  readonly isOwn: (session: string) => boolean;
  readonly ports: Ports;
}

/** What comes from the server: opened, or thrown away and counted. */
export class Inbox {
  private readonly reader: PacketReader | ClearPacketReader;
  private readonly tokens = new Tokens();
  private readonly counts = { packets: 0, bytes: 0, messages: 0 };
  private readonly dropped: Record<TransportDrop, number> = {
    malformed: 0,
    foreign: 0,
    forged: 0,
    replay: 0,
    flood: 0,
    'too-large': 0,
  };

  constructor({ domain, ring, ports, isOwn }: InboxParts) {
    this.reader =
      ring === undefined
        ? new ClearPacketReader(domain)
        : new PacketReader({ ring, isOwn, ways: () => 1, ports });
  }

  get received(): ReceivedCounts {
    return { ...this.counts, dropped: { ...this.dropped } };
  }

  /** Does not throw. `server` is where it came from. */
  take(bytes: Uint8Array, subject: string, server: string, receiver: Receiver): void {
    this.counts.packets += 1;
    this.counts.bytes += bytes.length;
    const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // The server lets only the sender itself publish with that token, if its permissions say so.
    const sender = senderIn(subject);
    const isFrom = (computer: string): boolean => this.tokens.of('computer', computer) === sender;
    const decoded = this.reader.open(packet, isFrom, sender);
    if (decoded === 'own' || decoded === 'copy') return;
    if (typeof decoded === 'string') this.drop(decoded, receiver);
    else this.deliver(decoded, server, receiver);
  }

  /** A second has passed. */
  look(): void {
    if (this.reader instanceof PacketReader) this.reader.sessions.tick();
  }

  keysChanged(): void {
    if (this.reader instanceof PacketReader) this.reader.sessions.keysChanged();
  }

  /** Counts a packet that was thrown away. */
  drop(reason: TransportDrop, receiver: Receiver): void {
    this.dropped[reason] += 1;
    receiver.dropped(reason, 1);
  }

  private deliver({ datagrams }: DecodedPacket, address: string, receiver: Receiver): void {
    this.counts.messages += datagrams.length;
    const origin = { address };
    const receive = (): void => {
      for (const datagram of datagrams) receiver.received(datagram, origin);
    };
    if (receiver.together) receiver.together(receive);
    else receive();
  }
}
