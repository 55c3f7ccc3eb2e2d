import { readHead } from './head.js';
import type { DecodedPacket, MessageReader } from './message-reader.js';
import { unseal } from './seal.js';
import { isSessionOf, type Refusal, type Sessions } from './sessions.js';

/**
 * What a packet says to a member of the domain, or why it is thrown away. Whatever bytes come: it does not throw, and
 * opens one seal at most. `isFrom` says whether the way it came may be that sender's; `source` tells the ways apart by which
 * strangers may send.
 */
export function openPacket(
  packet: Buffer,
  sessions: Sessions,
  reader: MessageReader,
  isFrom: (computer: string) => boolean = () => true,
  source = '',
): DecodedPacket | Refusal {
  const head = readHead(packet);
  if (typeof head === 'string') return head;
  const session = sessions.admit(head, source);
  if (typeof session === 'string') return session;
  const plain = unseal(session.key, packet);
  if (plain === undefined) return 'forged';
  const decoded = reader.read(plain);
  // Before the packet counts as seen: a member must not use up the numbers of another one.
  if (typeof decoded === 'object' && !(isFrom(decoded.computer) && isSessionOf(session, decoded.computer)))
    return 'forged';
  return sessions.opened(session, head, decoded) ?? decoded;
}
