import assert from 'node:assert/strict';
import { SeededRandom } from '../seeded-random.js';
import { type Bench, type Delivery, OFFICE } from './bench.js';
import type { ConformanceCase } from './case.js';
import type { Station } from './station.js';

const BRAVO = { kind: 'computer', name: 'BRAVO' } as const;

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** What is sent arrives, whole and unaltered, at those it is for. */
export const deliveryCases: readonly ConformanceCase[] = [
  {
    title: 'a datagram to a domain reaches all its computers',
    run: async (bench) => {
      const [alpha, bravo, charlie] = await threeOf(bench);
      await bench.deliver(alpha, alpha.datagram(OFFICE, bytes('door open')), [bravo, charlie]);
      await bench.deliver(charlie, charlie.datagram(OFFICE, bytes('door shut')), [alpha, bravo]);
    },
  },
  {
    title: 'a datagram to a computer reaches every instance of it, however its name is spelled',
    run: async (bench) => {
      const [alpha, bravo] = await threeOf(bench);
      const other = await bench.station('bravo');
      await bench.deliver(alpha, alpha.datagram(BRAVO, bytes('1')), [bravo, other]);
      // Now that everybody has spoken once, a transport that learns addresses knows them.
      await bench.deliver(bravo, bravo.datagram(OFFICE, bytes('2')), [alpha]);
      await bench.deliver(other, other.datagram(OFFICE, bytes('3')), [alpha]);
      await bench.deliver(alpha, alpha.datagram(BRAVO, bytes('4')), [bravo, other]);
      const spelled = { kind: 'computer', name: 'Bravo' } as const;
      await bench.deliver(alpha, alpha.datagram(spelled, bytes('5')), [bravo, other]);
    },
  },
  {
    title: 'another domain hears nothing',
    run: async (bench) => {
      const [alpha, bravo] = await threeOf(bench);
      const stranger = await bench.station('BRAVO', 'LAB');
      const other = await bench.station('ALPHA', 'LAB');
      const lab = { kind: 'domain', name: 'LAB' } as const;
      await bench.deliverAll([
        { from: alpha, datagram: alpha.datagram(OFFICE, bytes('ours')), to: [bravo] },
        { from: alpha, datagram: alpha.datagram(BRAVO, bytes('ours')), to: [bravo] },
        { from: other, datagram: other.datagram(lab, bytes('theirs')), to: [stranger] },
        { from: other, datagram: other.datagram(BRAVO, bytes('theirs')), to: [stranger] },
      ]);
    },
  },
  {
    title: 'fields at their extremes arrive as they are',
    run: async (bench) => {
      const [alpha, bravo] = await threeOf(bench);
      const instance = 'fedcba9876543210';
      const largest = Number.MAX_SAFE_INTEGER;
      const extremes = [
        { identity: { instance, counter: largest, stamp: largest }, sequence: 0xffff_ffff },
        { identity: { instance: 'f'.repeat(16), counter: 1, stamp: 0 }, sequence: 1 },
        { from: 'a'.repeat(255), slot: `x/${'y'.repeat(255)}` },
        { from: 'GRÜN-東京', slot: 'app/Ereignisse/événements/日本/🎉' },
      ];
      bravo.transport.want(new Set(extremes.map(({ slot }) => slot ?? 'app/events')));
      await bench.deliverAll(
        extremes.map((fields) => {
          return { from: alpha, datagram: alpha.datagram(OFFICE, bytes('x'), fields), to: [bravo] };
        }),
      );
    },
  },
  {
    title: 'a sender that becomes a new instance between two datagrams',
    run: async (bench) => {
      const [alpha, bravo] = await threeOf(bench);
      const fields = { identity: { instance: 'abababababababab', counter: 1, stamp: 5 } };
      await bench.deliverAll([
        { from: alpha, datagram: alpha.datagram(OFFICE, bytes('before')), to: [bravo] },
        { from: alpha, datagram: alpha.datagram(OFFICE, bytes('after'), fields), to: [bravo] },
      ]);
    },
  },
  {
    title: 'many datagrams of one turn, small and large, to different addressees and slots',
    run: async (bench) => {
      const [alpha, bravo, charlie] = await threeOf(bench);
      const random = new SeededRandom(4);
      const slots = ['app/events', 'b', 'jobs/print'];
      for (const station of [bravo, charlie]) station.transport.want(new Set(slots));
      const list: Delivery[] = [];
      for (let at = 0; at < 120; at += 1) {
        const slot = slots[at % 3] as string;
        const data = random.bytes(at % 10 === 0 ? random.below(9_000) : random.below(100));
        const [addressee, to] = at % 2 === 0 ? [OFFICE, [bravo, charlie]] : [BRAVO, [bravo]];
        list.push({ from: alpha, datagram: alpha.datagram(addressee, data, { slot }), to });
      }
      await bench.deliverAll(list);
    },
  },
  {
    title: 'many senders at once',
    run: async (bench) => {
      const stations = await Promise.all(Array.from({ length: 6 }, (_, at) => bench.station(`PC${at}`)));
      const rounds = Array.from({ length: 20 }, (_, round) => round);
      await bench.deliverAll(
        rounds.flatMap((round) =>
          stations.map((from) => {
            const datagram = from.datagram(OFFICE, bytes(`${from.computer} says ${round}`));
            return { from, datagram, to: stations.filter((station) => station !== from) };
          }),
        ),
      );
    },
  },
  {
    title: 'the bytes are those at the time of sending, whatever is written into their buffer afterwards',
    run: async (bench) => {
      const [alpha] = await threeOf(bench);
      for (const size of [10, 2_000, 20_000]) {
        const buffer = Buffer.alloc(size, 'a');
        const borrowed = alpha.datagram(OFFICE, buffer);
        alpha.sent.push({ ...borrowed, data: Buffer.alloc(size, 'a') });
        assert.ok(alpha.transport.send(borrowed), 'who sends nothing else has room for one datagram');
        buffer.fill('b');
        await bench.settle();
      }
    },
  },
];

/** Three computers of one domain, each with one instance. */
function threeOf(bench: Bench): Promise<[Station, Station, Station]> {
  return Promise.all([bench.station('ALPHA'), bench.station('BRAVO'), bench.station('CHARLIE')]);
}
