import assert from 'node:assert/strict';
import type { Datagram } from '../../transport/datagram.js';
import { OFFICE } from './bench.js';
import type { ConformanceCase } from './case.js';
import { SLOT, type Station } from './station.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A transport works from its start to its close. */
export const lifeCases: readonly ConformanceCase[] = [
  {
    title: 'before its start it neither sends nor hears',
    run: async (bench) => {
      const [alpha, bravo] = [await bench.station('ALPHA'), await bench.station('BRAVO')];
      const idle = bench.idle('CHARLIE');
      const early = idle.datagram(OFFICE, bytes('too early'));
      trySending(idle, early);
      const unheard = alpha.datagram(OFFICE, bytes('before'));
      await bench.deliver(alpha, unheard, [bravo]);
      await bench.settle();
      assert.equal(bravo.hasHeard(early), false, 'it sent before its start');
      await idle.start();
      await bench.deliver(alpha, alpha.datagram(OFFICE, bytes('after')), [bravo, idle]);
      assert.equal(idle.hasHeard(unheard), false, 'it heard before its start');
    },
  },
  {
    title: 'after its close it neither sends nor hears',
    run: async (bench) => {
      const [alpha, bravo] = [await bench.station('ALPHA'), await bench.station('BRAVO')];
      const charlie = await bench.station('CHARLIE');
      await bench.deliver(charlie, charlie.datagram(OFFICE, bytes('here')), [alpha, bravo]);
      await charlie.close();
      const late = charlie.datagram(OFFICE, bytes('too late'));
      trySending(charlie, late);
      const toCharlie = { kind: 'computer', name: 'CHARLIE' } as const;
      alpha.send(alpha.datagram(toCharlie, bytes('gone?')));
      await bench.deliver(alpha, alpha.datagram(OFFICE, bytes('gone')), [bravo]);
      await bench.settle();
      assert.equal(bravo.hasHeard(late), false, 'it sent after its close');
    },
  },
  {
    title: 'its close sends what was taken before',
    run: async (bench) => {
      const bravo = await bench.station('BRAVO');
      // A network may lose any of them, but not the same one each time.
      const missing = new Set(Array.from({ length: 10 }, (_, place) => place));
      for (let attempt = 0; attempt < 20 && missing.size > 0; attempt += 1) {
        const alpha = await bench.station('ALPHA');
        const list = Array.from({ length: 10 }, () => alpha.datagram(OFFICE, new Uint8Array(1_000)));
        const taken = list.filter((datagram) => alpha.send(datagram));
        await alpha.close();
        await bench.settle();
        for (const [place, datagram] of taken.entries()) if (bravo.hasHeard(datagram)) missing.delete(place);
      }
      assert.deepEqual([...missing], [], 'datagrams of the last turn were thrown away by close');
    },
  },
  {
    title: 'one that was never started can be closed',
    run: async (bench) => {
      const idle = bench.idle('ALPHA');
      await idle.close();
    },
  },
  {
    title: 'slots that are wanted later are heard',
    run: async (bench) => {
      const [alpha, bravo] = [await bench.station('ALPHA'), await bench.station('BRAVO')];
      const late = alpha.datagram(OFFICE, bytes('x'), { slot: 'late/slot' });
      bravo.transport.want(new Set([SLOT, 'late/slot']));
      await bench.deliver(alpha, late, [bravo]);
      bravo.transport.want(new Set());
      bravo.transport.want(new Set([SLOT]));
      await bench.deliver(alpha, alpha.datagram(OFFICE, bytes('y')), [bravo]);
    },
  },
];

/** It may refuse in any way, as long as it does not send. */
function trySending(station: Station, datagram: Datagram): void {
  try {
    station.transport.send(datagram);
  } catch {
    // Saying so loudly is as good as returning false.
  }
}
