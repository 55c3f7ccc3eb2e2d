// A process that sends a message, waits for it to come back, and so on; its child sends them back.
import { contestantNamed, loadContestant } from '../contestants/all.js';
import { Bodies } from '../messages.js';
import { Verifier } from '../verifier.js';
import { serve } from './duties.js';
import type { PingPong, PongerDuties } from './ponger.js';
import { Worker, withWorkers } from './worker.js';

export type PingerDuties = {
  /** How long each round trip took, in microseconds. */
  run(spec: PingPong): Promise<Float64Array>;
};

const WARM_UP_SHARE = 0.1;

const duties: PingerDuties = {
  run(spec) {
    const { serialization } = contestantNamed(spec.contestant);
    const ponger = new Worker<PongerDuties>(new URL('ponger.js', import.meta.url), { serialization });
    return withWorkers([ponger], () => run(spec, ponger));
  },
};

serve(duties);

async function run(spec: PingPong, ponger: Worker<PongerDuties>): Promise<Float64Array> {
  const contestant = await loadContestant(spec.contestant);
  const at = { ...spec.place, relatives: [ponger.child] };
  const verifier = new Verifier(spec.size, 1);
  let onReturn = (): void => {};
  await ponger.ask('receive', spec);
  const receiver = await contestant.receive(at, spec.here, (bytes, start, end) => {
    verifier.onMessage(bytes, start, end);
    onReturn();
  });
  await ponger.ask('open', spec);
  const sender = await contestant.open(at, spec.there);

  const bodies = new Bodies(0, spec.size);
  const warmUp = Math.ceil(spec.trips * WARM_UP_SHARE);
  const times = new Float64Array(spec.trips);
  const all = warmUp + spec.trips;
  const done = verifier.reached(all);
  await new Promise<void>((resolve, reject) => {
    done.catch(reject);
    let began = 0;
    const go = (): void => {
      began = performance.now();
      // Whatever would be waited for before the next message: the next one waits for the answer anyway.
      sender.send(bodies.take())?.catch(reject);
      sender.flush()?.catch(reject);
    };
    onReturn = () => {
      const trip = verifier.count - 1 - warmUp;
      if (trip >= 0) times[trip] = (performance.now() - began) * 1000;
      if (verifier.count === all) resolve();
      else go();
    };
    go();
  });
  verifier.compare(bodies.sum);
  await sender.close();
  await ponger.ask('close', undefined);
  await receiver.close();
  return times;
}
