import { readHead } from './head.js';
import type { Letter, MessageReader } from './message-reader.js';
import { unseal } from './seal.js';
import type { Refusal, Sessions } from './sessions.js';

/**
 * What a packet says to a member of the domain, or why it is thrown away. Whatever bytes come: it does not throw, and
 * opens one seal at most.
 */
export function openPacket(packet: Buffer, sessions: Sessions, reader: MessageReader): Letter | Refusal {
  const head = readHead(packet);
  if (typeof head === 'string') return head;
  const session = sessions.admit(head);
  if (typeof session === 'string') return session;
  const plain = unseal(session.key, packet);
  if (plain === undefined) return 'forged';
  sessions.opened(session, head);
  return reader.read(plain);
}
