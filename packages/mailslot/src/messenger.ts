/// <reference types="node" preserve="true" />
// `mailslot/messenger`: messages for people. Apart from the main door, so that others do not load it.
export type { SendOptions } from './messenger/compose.js';
export type { FloodLimits } from './messenger/flood.js';
export { messengerFolder } from './messenger/folder.js';
export { History, type NoteFilter, openHistory } from './messenger/history.js';
export { Messenger, startMessenger } from './messenger/messenger.js';
export { EVERYBODY, messengerName } from './messenger/name.js';
export { addName, listNames, type NamesOptions, removeName } from './messenger/name-list.js';
export type { NameEntry, NameKind } from './messenger/names.js';
export { type Level, type Note, partnerOf, type Receipt, type ReceiptKind } from './messenger/note.js';
export type { HistoryEvent } from './messenger/note-index.js';
export { type CodePage, decodeOld, encodeOld, type OldBody } from './messenger/old-body.js';
export { type SendNoteOptions, type SentNote, sendNote } from './messenger/send-note.js';
export type { MessengerOptions } from './messenger/settings.js';
export type { MessengerStatistics, SenderStatistics } from './messenger/tally.js';
