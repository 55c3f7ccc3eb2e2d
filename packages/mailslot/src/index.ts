/// <reference types="node" />
export { MailslotError, type MailslotErrorCode } from './errors.js';
export type { ClientStatistics, MailslotClient } from './msfs/client/client.js';
export { listMailslots, type SlotEntry } from './msfs/list.js';
export type { Message, Sender } from './msfs/message.js';
export type {
  CreateOptions,
  OpenOptions,
  QueueOptions,
  ReadOptions,
  Remote,
  WaitOptions,
} from './msfs/options.js';
export type { BytesHandler } from './msfs/server/queue.js';
export type { Mailslot, MailslotInfo, MailslotStatistics } from './msfs/server/slot.js';
export type { SlotInfo, WhenFull } from './msfs/slot-info.js';
export type { Access } from './msfs/space/name-space.js';
export { mailslotRoot } from './msfs/space/root.js';
export type { Scope } from './name/scope.js';
export { callRedirector } from './serve/ask.js';
export { type BrowserEvent, type ComputerEntry, listComputers, watchComputers } from './serve/computers.js';
export { createMailslot } from './serve/create.js';
export type { NatsMaker, NatsSettings, NatsSetup, NatsState, NatsTransport } from './serve/nats-settings.js';
export { openMailslot, sendMessage } from './serve/open.js';
export type { ProbeAnswer } from './serve/probe.js';
export { type RedirectorHandle, type StartOptions, startRedirector } from './serve/start.js';
export type { DomainStatus, HouseStatus, NatsMissing } from './serve/status.js';
