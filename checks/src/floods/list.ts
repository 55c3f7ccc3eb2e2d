import { createMailslot, listMailslots } from 'mailslot';
import type { Intruder } from '../faults/programs/intruder.js';
import { makeScene } from '../harness/scene.js';
import { as, BOB, publicPrograms, sharedRoot } from '../harness/users.js';
import { attackMs, type Flood } from './flood.js';

const PLACES = 1_500;
/** Three seconds, and one for a computer that is busy. */
const BOUND_MS = 4_000;

/** How long a list takes, while most of what there is does not answer; the slots of others must be in it. */
export const listTime: Flood = {
  resource: 'time of a list',
  attacker: `another user with ${PLACES} places that never answer`,
  needs: ['root'],
  async run() {
    const { scene, clear } = makeScene();
    try {
      const [root, folder] = [sharedRoot(scene), publicPrograms(scene)];
      const intruder = await scene.start<Intruder>('intruder', { folder, through: as(BOB) });
      const honest = await createMailslot('honest', { root });
      scene.after(() => honest.close());
      await intruder.ask('squatSilently', root, PLACES);
      let peak = 0;
      let ok = true;
      for (const end = performance.now() + attackMs; performance.now() < end; ) {
        const begun = performance.now();
        const entries = await listMailslots({ root });
        peak = Math.max(peak, Math.ceil(performance.now() - begun));
        const silent = entries.filter(({ owner, error }) => owner === BOB && error !== undefined);
        ok &&= silent.length === PLACES && entries.some(({ name }) => name === 'honest');
      }
      return { bound: BOUND_MS, peak, unit: 'ms', ok };
    } finally {
      await clear();
    }
  },
};
