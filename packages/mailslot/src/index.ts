/// <reference types="node" />
export { MailslotError, type MailslotErrorCode } from './errors.js';
export type { ClientStatistics, MailslotClient } from './msfs/client/client.js';
export { createMailslot } from './msfs/create.js';
export { listMailslots, type SlotEntry } from './msfs/list.js';
export type { Message, Sender } from './msfs/message.js';
export { openMailslot, sendMessage } from './msfs/open.js';
export type { CreateOptions, OpenOptions, QueueOptions, ReadOptions, WaitOptions } from './msfs/options.js';
export type { BytesHandler } from './msfs/server/queue.js';
export type { Mailslot, MailslotInfo, MailslotStatistics } from './msfs/server/slot.js';
export type { SlotInfo, WhenFull } from './msfs/slot-info.js';
export type { Access } from './msfs/space/name-space.js';
export { mailslotRoot } from './msfs/space/root.js';
