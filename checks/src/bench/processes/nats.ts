import { join } from 'node:path';
import { openKeyStore } from 'mailslot/domains';
import type { Bench } from '../bench.js';
import type { Place } from '../contestants/contestant.js';
import { rootOf } from '../contestants/mailslot.js';
import type { RedirectorDuties } from './redirector.js';
import { Worker, withWorkers } from './worker.js';

const DOMAIN = 'BENCH';

/** A computer with nothing but NATS: a root, and its redirector in a process of its own. */
interface Computer {
  readonly name: string;
  readonly place: Place;
  readonly redirector: Worker<RedirectorDuties>;
}

/** Starts two computers of one domain that know each other, and ends them. */
export async function withNatsPair<T>(
  bench: Bench,
  use: (pair: readonly [Computer, Computer]) => Promise<T>,
): Promise<T> {
  const { brokers } = await bench.placeFor('mailslot-nats');
  const computer = (name: string): Computer => ({
    name,
    place: { folder: bench.newFolder(), brokers },
    redirector: new Worker<RedirectorDuties>(new URL('redirector.js', import.meta.url)),
  });
  const [here, there] = [computer('HERE'), computer('THERE')];
  return withWorkers([here.redirector, there.redirector], async (redirectors) => {
    const path = join(bench.newFolder(), 'config.json');
    openKeyStore(path).create(DOMAIN);
    for (const { name, place, redirector } of [here, there]) {
      const nats = { servers: [`nats://${brokers['nats-server']}`] };
      const config = { path, computer: name, domain: DOMAIN, lan: false as const, nats };
      await redirector.ask('start', { root: rootOf(place), config });
    }
    await here.redirector.ask('knows', there.name);
    const result = await use([here, there]);
    for (const redirector of redirectors) await redirector.ask('close', undefined);
    return result;
  });
}
