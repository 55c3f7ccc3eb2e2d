import type { Contestant, Ends } from './contestant.js';

/** What a Node user could take instead. */
export type PeerName = 'zeromq' | 'nats' | 'redis' | 'node-ipc' | 'child-process' | 'child-process-json';

/** The library, in its different ways. */
type OurName =
  | 'mailslot'
  | 'mailslot-bytes'
  | 'mailslot-iterate'
  | 'mailslot-100-writes'
  | 'mailslot-1000-writes'
  | 'mailslot-write-many'
  | 'mailslot-one-by-one'
  | 'mailslot-send-message';

/** What brings messages from computer to computer; and ours, ready for them. */
type LanName = 'mailslot-lan' | 'mailslot-lan-twice' | 'multicast' | 'mailslot-remote';

/** What brings messages from computer to computer through a NATS server. */
type NatsName = 'nats-bare' | 'nats-clear' | 'nats-sealed' | 'mailslot-nats';

/** Never measured: the bench must catch them. */
type CheatName = 'forgetful' | 'careless';

export type ContestantName =
  | 'limit'
  | 'limit-kept'
  | 'net'
  | 'net-echo'
  | OurName
  | PeerName
  | LanName
  | NatsName
  | CheatName;

const contestants: Readonly<Record<ContestantName, Contestant>> = {
  limit: { title: 'the limit: node:net by hand', load: async () => (await import('./limit.js')).limit },
  'limit-kept': {
    title: 'the limit, messages kept',
    load: async () => (await import('./limit.js')).limitKept,
  },
  mailslot: { title: 'mailslot: post → consume', load: async () => (await import('./mailslot.js')).consumed },
  'mailslot-bytes': {
    title: 'mailslot: post → consumeBytes',
    load: async () => (await import('./mailslot.js')).bytesConsumed,
  },
  'mailslot-iterate': {
    title: 'mailslot: post → for await',
    load: async () => (await import('./mailslot.js')).iterated,
  },
  'mailslot-100-writes': {
    title: 'mailslot: 100 writes → for await',
    load: async () => (await import('./mailslot.js')).hundredWrites,
  },
  'mailslot-1000-writes': {
    title: 'mailslot: 1,000 writes → for await',
    load: async () => (await import('./mailslot.js')).thousandWrites,
  },
  'mailslot-write-many': {
    title: 'mailslot: writeMany of 100 → for await',
    load: async () => (await import('./mailslot.js')).writeMany,
  },
  'mailslot-one-by-one': {
    title: 'mailslot: write, one by one',
    load: async () => (await import('./mailslot.js')).oneByOne,
  },
  'mailslot-send-message': {
    title: 'mailslot: sendMessage',
    load: async () => (await import('./mailslot.js')).oneShot,
  },
  net: {
    title: 'node:net, one write a message',
    load: async () => (await import('./net-plain.js')).netPlain,
  },
  'net-echo': { title: 'node:net, ping-pong', load: async () => (await import('./net-plain.js')).netEcho },
  zeromq: {
    title: 'zeromq, push/pull',
    library: 'zeromq',
    load: async () => (await import('./zeromq.js')).zeromq,
  },
  nats: {
    title: 'NATS',
    broker: 'nats-server',
    reachesAll: true,
    load: async () => (await import('./nats.js')).nats,
  },
  redis: {
    title: 'Redis pub/sub',
    broker: 'redis-server',
    library: 'ioredis',
    reachesAll: true,
    load: async () => (await import('./redis.js')).redis,
  },
  'node-ipc': {
    title: 'node-ipc',
    library: 'node-ipc',
    load: async () => (await import('./node-ipc.js')).nodeIpc,
  },
  'child-process': {
    title: 'child_process IPC, advanced',
    serialization: 'advanced',
    load: async () => (await import('./child-process.js')).childProcess,
  },
  'child-process-json': {
    title: 'child_process IPC, JSON',
    serialization: 'json',
    load: async () => (await import('./child-process.js')).childProcessJson,
  },
  'mailslot-lan': {
    title: 'mailslot: post → consumeBytes, encrypted',
    load: async () => (await import('./mailslot.js')).broadcast,
  },
  'mailslot-lan-twice': {
    title: 'the same, by IPv4 and by IPv6',
    load: async () => (await import('./mailslot.js')).broadcast,
  },
  multicast: {
    title: 'node:dgram multicast, one datagram a message',
    load: async () => (await import('./multicast.js')).multicast,
  },
  'mailslot-remote': {
    title: "mailslot: post → consume, remote: 'domain'",
    load: async () => (await import('./mailslot.js')).remoteConsumed,
  },
  'nats-bare': {
    title: '@nats-io/transport-node alone',
    broker: 'nats-server',
    load: async () => (await import('./nats-bare.js')).natsBare,
  },
  'nats-clear': {
    title: 'natsTransport, in clear',
    broker: 'nats-server',
    load: async () => (await import('./nats-transport.js')).natsClear,
  },
  'nats-sealed': {
    title: 'natsTransport, sealed',
    broker: 'nats-server',
    load: async () => (await import('./nats-transport.js')).natsSealed,
  },
  'mailslot-nats': {
    title: 'mailslot: post → consumeBytes, sealed',
    broker: 'nats-server',
    load: async () => (await import('./mailslot.js')).broadcast,
  },
  forgetful: {
    title: 'drops each 1,000th message',
    load: async () => (await import('./cheats.js')).forgetful,
  },
  careless: {
    title: 'sends each 1,000th message with a wrong check byte',
    load: async () => (await import('./cheats.js')).careless,
  },
};

export const peers: readonly PeerName[] = [
  'zeromq',
  'nats',
  'redis',
  'node-ipc',
  'child-process',
  'child-process-json',
];

const elsewhere: readonly ContestantName[] = [
  'mailslot-lan',
  'mailslot-lan-twice',
  'multicast',
  'mailslot-remote',
  'nats-bare',
  'nats-clear',
  'nats-sealed',
  'mailslot-nats',
  'forgetful',
  'careless',
];

/** All that are measured on one computer alone. */
export const honest: readonly ContestantName[] = (Object.keys(contestants) as ContestantName[]).filter(
  (name) => !elsewhere.includes(name),
);

export function contestantNamed(name: ContestantName): Contestant {
  return contestants[name];
}

export function loadContestant(name: ContestantName): Promise<Ends> {
  return contestants[name].load();
}
