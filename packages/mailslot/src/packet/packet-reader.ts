import { readClear } from './head.js';
import { type DecodedPacket, MessageReader } from './message-reader.js';
import { openPacket } from './open.js';
import { type Refusal, Sessions, type SessionsParts } from './sessions.js';

/** Opens the sealed packets of one domain, each once. Call `sessions.tick` every second, `keysChanged` when it is so. */
export class PacketReader {
  readonly sessions: Sessions;
  private readonly reader: MessageReader;

  constructor(parts: SessionsParts) {
    this.sessions = new Sessions(parts);
    this.reader = new MessageReader(parts.ring.domain);
  }

  /**
   * What a packet says, or why it is thrown away. Does not throw; `packet` must not be written to afterwards. `isFrom`
   * says whether the way it came may be that sender's; default: any member's. `source` is where it came from, as an address:
   * who makes up sessions from one source keeps nobody else's out.
   */
  open(packet: Buffer, isFrom?: (computer: string) => boolean, source?: string): DecodedPacket | Refusal {
    return openPacket(packet, this.sessions, this.reader, isFrom, source);
  }
}

/** Takes packets in clear apart, which come from anybody. It does not tell what came before. */
export class ClearPacketReader {
  private readonly reader: MessageReader;

  constructor(domain: string) {
    this.reader = new MessageReader(domain);
  }

  /** As {@link PacketReader.open}. */
  open(packet: Buffer, isFrom: (computer: string) => boolean = () => true): DecodedPacket | Refusal {
    const plain = readClear(packet);
    if (typeof plain === 'string') return plain;
    const decoded = this.reader.read(plain);
    return typeof decoded === 'string' || isFrom(decoded.computer) ? decoded : 'forged';
  }
}
