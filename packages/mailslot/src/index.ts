/// <reference types="node" preserve="true" />

export { type ComputerEntry, type ComputerEvent, listComputers, watchComputers } from './api/computers.js';
export { createMailslot } from './api/create.js';
export { openMailslot, sendMessage } from './api/open.js';
export type {
  NatsFactory,
  NatsSettings,
  NatsSetup,
  NatsState,
  NatsTransport,
} from './config/nats-settings.js';
export type { ProbeAnswer } from './daemon/probe.js';
export { type RedirectorHandle, type StartOptions, startRedirector } from './daemon/start.js';
export type { DomainStatus, NatsMissing, RedirectorStatus } from './daemon/status.js';
export { callRedirector } from './daemon-client/ask.js';
export { MailslotError, type MailslotErrorCode } from './errors.js';
export type { ClientStatistics, MailslotClient } from './msfs/client/client.js';
export { listMailslots, type SlotEntry } from './msfs/list.js';
export type { Message } from './msfs/message.js';
export type { Access } from './msfs/namespace/name-space.js';
export { mailslotRoot } from './msfs/namespace/root.js';
export type {
  ConsumeOptions,
  CreateOptions,
  OpenOptions,
  QueueOptions,
  ReadOptions,
  WaitOptions,
} from './msfs/options.js';
export type { BytesHandler } from './msfs/server/queue.js';
export type { Mailslot, MailslotInfo, MailslotStatistics, MessageHandler } from './msfs/server/slot.js';
export type { SlotInfo, WhenFull } from './msfs/slot-info.js';
export type { Remote } from './name/remote.js';
export type { Scope } from './name/scope.js';
export type { Sender } from './name/sender.js';
