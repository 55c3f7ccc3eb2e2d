import type { Canary } from './canary.js';

const room = 'packages/mailslot/dist/messenger';

/** Where messages for people would be lost, shown twice, or believed too easily. */
export const messengerCanaries: readonly Canary[] = [
  {
    kind: 'harmless',
    name: 'messenger: a comment reads differently',
    file: `${room}/history-files.js`,
    find: 'as a torn one that everybody ignores',
    replace: 'torn, and ignored',
    test: `${room}/history.test.js`,
    pattern: '^wherever a line is cut off',
  },
  {
    kind: 'defect',
    name: 'messenger: a line is added to the rest of one that was torn',
    file: `${room}/history-files.js`,
    find: 'Buffer.from(`\\n',
    replace: 'Buffer.from(`',
    test: `${room}/history.test.js`,
    pattern: '^wherever a line is cut off',
  },
  {
    kind: 'defect',
    name: 'messenger: our own message is shown when it comes back',
    file: `${room}/history.js`,
    find: 'note?.isOwn || this.index.isAnnounced(id)',
    replace: 'note?.isOwn',
    test: `${room}/messenger.test.js`,
    pattern: '^what is sent to all',
  },
  {
    kind: 'defect',
    name: 'messenger: a message from elsewhere passes for handed on',
    file: `${room}/incoming.js`,
    find: '|| origin.computer !== undefined)',
    replace: ')',
    test: `${room}/messenger-domain.test.js`,
    pattern: '^nobody elsewhere can pass',
  },
  {
    kind: 'defect',
    name: 'messenger: a receipt is written to whatever slot is asked for',
    file: `${room}/body.js`,
    find: "optional(fields, 'reply', isReplySlot)",
    replace: "fields['reply']",
    test: `${room}/messenger-pair.test.js`,
    pattern: '^nobody can have a messenger write',
  },
  {
    kind: 'defect',
    name: 'messenger: with a new name for each message the flood filter is passed',
    file: `${room}/flood.js`,
    find: 'sender.tokens < 1 || whole.tokens < 1',
    replace: 'sender.tokens < 1',
    test: `${room}/flood.test.js`,
  },
  {
    kind: 'defect',
    name: 'messenger: nobody says that a name is taken',
    file: `${room}/names.js`,
    find: 'held?.slot === undefined || held.asking?.id === id',
    replace: 'true',
    test: `${room}/messenger-domain.test.js`,
    pattern: '^a name is refused',
  },
];
