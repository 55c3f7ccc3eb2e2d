import type { Canary } from './canary.js';

const library = 'packages/mailslot/dist';

/** Where a domain would no longer be safe, or a message no longer come once. */
export const domainCanaries: readonly Canary[] = [
  {
    kind: 'harmless',
    name: 'lan: a comment reads differently',
    file: `${library}/packet/replay.js`,
    find: 'Whether it is too old to tell.',
    replace: 'Too old to tell?',
    test: `${library}/packet/replay.test.js`,
  },
  {
    kind: 'defect',
    name: 'lan: a packet that is sent again is opened again',
    file: `${library}/packet/replay.js`,
    find: 'return ((this.bits[place >>> 5] >>> (place & 31)) & 1) === 1;',
    replace: 'return false;',
    test: `${library}/lan/lan.test.js`,
    pattern: '^a packet that is sent again',
  },
  {
    kind: 'defect',
    name: 'lan: all sessions of a key seal with one key',
    file: `${library}/packet/seal.js`,
    find: "hkdfSync('sha256', secret, salt, info, size)",
    replace: "hkdfSync('sha256', secret, Buffer.alloc(16), info, size)",
    test: 'checks/dist/reference/lan.test.js',
  },
  {
    kind: 'defect',
    name: 'redirector: a local client says that its message is remote, and is believed',
    file: `${library}/msfs/server/writer.js`,
    find: `this.trust === 'redirector'`,
    replace: 'true',
    test: `${library}/msfs/server/writer-feed.test.js`,
    pattern: '^a client that comes to the slot',
  },
  {
    kind: 'defect',
    name: 'redirector: who asks for a slot’s messages gets them',
    file: `${library}/serve/proof.js`,
    find: 'slots.markOf(name) === mark',
    replace: 'mark >= 0',
    test: `${library}/serve/redirector.test.js`,
    pattern: '^who asks for the messages',
  },
  {
    kind: 'defect',
    name: 'redirector: what a slot wants from its LAN only comes from anywhere',
    file: `${library}/redirector/incoming.js`,
    find: '!isWithin(way.reach, route.scope)',
    replace: 'false',
    test: `${library}/redirector/scope.test.js`,
  },
  {
    kind: 'defect',
    name: 'nats: a member says that it is another one, and is believed',
    file: 'packages/nats/dist/inbox.js',
    find: "this.tokens.of('computer', computer) === sender",
    replace: 'true',
    test: 'packages/nats/dist/inbox.test.js',
  },
  {
    kind: 'defect',
    name: 'nats: a computer subscribes to more than its slots',
    file: 'packages/nats/dist/interest.js',
    find: 'Array.from(slots, heard).flat()',
    replace: "['ms.>', ...Array.from(slots, heard).flat()]",
    test: 'checks/dist/nats/scale.test.js',
  },
];
