// `mailslot/messenger`: messages for people. Apart from the main door, so that others do not load it.
export type { SendOptions } from './compose.js';
export type { FloodLimits } from './flood.js';
export { messengerFolder } from './folder.js';
export { History, type NoteFilter, openHistory } from './history.js';
export { Messenger, startMessenger } from './messenger.js';
export { EVERYBODY, messengerName } from './name.js';
export { addName, listNames, type NamesOptions, removeName } from './name-list.js';
export type { NameEntry, NameKind } from './names.js';
export { type Level, type Note, partnerOf, type Receipt, type ReceiptKind } from './note.js';
export type { HistoryEvent } from './note-index.js';
export { type CodePage, decodeOld, encodeOld, type OldBody } from './old-body.js';
export { type SendNoteOptions, type SentNote, sendNote } from './send-note.js';
export type { MessengerOptions } from './settings.js';
export type { MessengerStatistics, SenderStatistics } from './tally.js';
