/// <reference types="node" preserve="true" />
// `mailslot/transports`: what a transport is, and what a new one is built with.
export { MAX_PACKET, MAX_PACKET_MESSAGE } from './limits.js';
export type { Scope } from './name/scope.js';
export { upperCase } from './name/upper-case.js';
export { type Key, KeyRing, keyOf } from './packet/key-ring.js';
export type { DecodedPacket } from './packet/message-reader.js';
export { aroundMessage } from './packet/message-writer.js';
export { ClearPacketReader, PacketReader } from './packet/packet-reader.js';
export { type Packet, PacketWriter, type PacketWriterOptions } from './packet/packet-writer.js';
export type { Refusal } from './packet/sessions.js';
export type { Alarm, Clock } from './ports/clock.js';
export type { Log } from './ports/log.js';
export { type Ports, realPorts } from './ports/ports.js';
export type { Random } from './ports/random.js';
export type { Addressee, Datagram, Identity } from './transport/datagram.js';
export type {
  Capabilities,
  Origin,
  Receiver,
  Transport,
  TransportDrop,
} from './transport/transport.js';
