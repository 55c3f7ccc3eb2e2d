import assert from 'node:assert/strict';
import { diceOf } from '../fuzz/dice.js';
import {
  askForever,
  holdBack,
  idle,
  impossible,
  LARGE_CHARGE,
  offend,
  randomBytes,
  type Siege,
  stopHalfway,
} from '../harness/attacks.js';
import type { Child } from '../harness/child.js';
import { megabytes, msSince, spread } from '../harness/numbers.js';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { INFO, onlySocket, SYNC } from '../harness/raw.js';
import type { Agent } from './programs/agent.js';
import { sizes } from './sizes.js';

const MEMORY_MAX = 250 * 2 ** 20;
const HONEST = 500;

/** Within this, who holds room that others wait for is cut off, on a busy machine too. */
const CUT_OFF_MAX_MS = 60_000;

/** Messages of 4 MiB that may have begun at once: they have half as much room as the queue. */
const HOLDS = 7;

const attacks: Readonly<Record<string, (path: string) => Promise<Siege>>> = {
  'random bytes': (path) => offend(path, randomBytes(diceOf(1), 400)),
  'huge lengths and unknown words': (path) => offend(path, Array(50).fill(impossible).flat()),
  'half frames': (path) => stopHalfway(path, 400),
  'a thousand idle connections': (path) => idle(path, sizes.idlers),
  'unfinished messages of 4 MiB': (path) => holdBack(path, HOLDS - 1),
  'clients that ask forever and never read': async (path) => {
    const questions = [INFO, SYNC, INFO, SYNC];
    return { sockets: await Promise.all(questions.map((each) => askForever(path, each))), faults: 0 };
  },
};

for (const [name, attack] of Object.entries(attacks)) {
  proof(
    `${name}: the server stays responsive, its memory bounded, and other writers unharmed`,
    async (at) => {
      const [server, honest] = await Promise.all([at.agent(), at.agent()]);
      const slot = await server.ask('create', 'app', { root: at.root });
      const client = await honest.ask('open', 'app', { root: at.root });
      const peaceful = await honest.ask('writeTimed', client, HONEST);
      const before = await server.ask('memory');

      const { sockets, faults } = await attack(onlySocket(at.root));
      at.after(() => sockets.forEach((socket) => void socket.destroy()));
      const besieged = await honest.ask('writeTimed', client, HONEST);
      const newcomer = await honest.ask('open', 'app', { root: at.root });
      const begun = performance.now();
      await honest.ask('write', newcomer, 'newcomer');
      const { info } = await honest.ask('client', newcomer);
      const newcomerMs = msSince(begun);
      const memory = await server.ask('memory');

      assert.equal(info.messageCount, 2 * HONEST + 1, 'nothing of the attackers is in the queue');
      assert.equal((await server.ask('readAll', slot)).length, 2 * HONEST + 1);
      const { statistics } = await server.ask('slot', slot);
      assert.equal(statistics.faults, faults);
      assert.equal(statistics.received, 2 * HONEST + 1);
      assert.ok(memory.peak < MEMORY_MAX, `${megabytes(memory.peak)} MB`);
      await assertAllLeave(server, slot, honest, [client, newcomer], () => {
        for (const socket of sockets) socket.destroy();
      });
      return {
        connections: sockets.length,
        faults,
        writeMs: { before: spread(peaceful), during: spread(besieged) },
        newcomerMs,
        memoryMB: {
          before: megabytes(before.now),
          during: megabytes(memory.now),
          peak: megabytes(memory.peak),
        },
      };
    },
    onUnix,
  );
}

proof(
  'unfinished messages that take all the room they may: cut off in bounded time, and other writers go on',
  async (at) => {
    const [server, honest] = await Promise.all([at.agent(), at.agent()]);
    const slot = await server.ask('create', 'app', { root: at.root });
    const client = await honest.ask('open', 'app', { root: at.root });
    const { sockets } = await holdBack(onlySocket(at.root), sizes.hoarders);
    at.after(() => sockets.forEach((socket) => void socket.destroy()));
    const begun = performance.now();
    // Each has to begin, too. The first may come before the hoarders; one that finds no room left waits until some are cut off.
    let large = 0;
    do {
      assert.ok(msSince(begun) < CUT_OFF_MAX_MS, 'some are cut off');
      await honest.ask('write', client, 'x'.repeat(LARGE_CHARGE - 64));
      large++;
    } while ((await server.ask('slot', slot)).statistics.faults === 0);
    const waitedMs = msSince(begun);
    const besieged = await honest.ask('writeTimed', client, HONEST);
    const { statistics } = await server.ask('slot', slot);
    assert.equal(statistics.received, large + HONEST);
    const { peak } = await server.ask('memory');
    assert.ok(peak < MEMORY_MAX, `${megabytes(peak)} MB`);
    return {
      connections: sizes.hoarders,
      waitedMs,
      cutOff: statistics.faults,
      writeMs: spread(besieged),
      peakMB: megabytes(peak),
    };
  },
  onUnix,
);

/** Once all have left, honest or not, the server knows of no writer and has its descriptors back. */
async function assertAllLeave(
  server: Child<Agent>,
  slot: number,
  honest: Child<Agent>,
  clients: readonly number[],
  leave: () => void,
): Promise<void> {
  leave();
  for (const client of clients) await honest.ask('close', client);
  await server.ask('untilNoWriters', slot);
}
