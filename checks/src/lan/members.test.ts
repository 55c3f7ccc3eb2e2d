import assert from 'node:assert/strict';
import { openKeyStore } from 'mailslot/domains';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import {
  ALERTS,
  type Host,
  joinDomain,
  newKey,
  office,
  own,
  sentinel,
  start,
  texts,
  untilSees,
} from './support/office.js';
import { until } from './support/until.js';

const rights = [onLinux, needs('root', 'ip')] as const;

proof(
  'a domain changes its key under load: nothing is lost, and who has only the old one hears nothing any more',
  async (at) => {
    const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO', 'CHARLIE'] }, ['LATE']);
    const [alpha] = hosts as [Host];
    const stores = hosts.map(({ name }) => openKeyStore(network.configPath(name)));
    const [old] = stores[0]!.list();
    joinDomain(network, 'LATE', stores[0]!.share(old!.id));
    const late = await start(network, 'LATE');
    await untilSees(late, 4);

    const client = await alpha.program.ask('open', ALERTS);
    let sent = 0;
    const load = async (): Promise<void> => {
      await alpha.program.ask(
        'post',
        client,
        Array.from({ length: 50 }, () => `m${sent++}`),
      );
    };
    const everywhere = async (change: (store: (typeof stores)[number]) => unknown): Promise<void> => {
      for (const [index, store] of stores.entries()) {
        change(store);
        await load();
        await hosts[index]!.redirector.ask('reload');
        await load();
      }
    };
    const fresh = newKey(network, 'spare', 'OFFICE');
    const id = openKeyStore(network.configPath('spare')).list()[0]!.id;
    await everywhere((store) => store.install(fresh));
    await everywhere((store) => store.use(id));
    const heardByLate = new Set(own(await texts(late)));
    await everywhere((store) => store.remove(old!.id));
    await sentinel(alpha, hosts);
    for (const host of hosts) {
      assert.deepEqual(
        own(await texts(host)).toSorted(),
        Array.from({ length: sent }, (_, n) => `m${n}`).toSorted(),
      );
    }
    await alpha.program.ask('send', ALERTS, 'after the change');
    await sentinel(late, [late]);
    assert.ok(!(await texts(late)).includes('after the change'));
    assert.ok(own(await texts(late)).length <= heardByLate.size + 100);
    return { messages: sent };
  },
  ...rights,
);

/** A container with its host's network: files, name and memory of its own. */
const CONTAINER = ['unshare', '--mount', '--uts', '--ipc', 'sh', '-c', 'hostname box && exec "$@"', 'sh'];

for (const [second, container] of [
  ['two users of one computer', []],
  ["a container with its host's network", CONTAINER],
] as const) {
  proof(
    `${second}, a redirector each: both hear a broadcast, a message to the computer finds its slot`,
    (at) => shareOneName(at, container),
    ...rights,
  );
}

async function shareOneName(at: Scene, container: readonly string[]): Promise<Record<string, never>> {
  const { network, hosts } = await office(at, { hosts: ['ALPHA', 'BRAVO'] });
  const [alpha, bravo] = hosts as [Host, Host];
  const [key] = openKeyStore(network.configPath('ALPHA')).list();
  const line = openKeyStore(network.configPath('ALPHA')).share(key!.id);
  joinDomain(network, 'BRAVO-second', line, 'BRAVO');
  const second = await start(network, 'BRAVO', 'BRAVO-second', container);
  const private1 = await bravo.program.ask('create', 'first');
  const private2 = await second.program.ask('create', 'second');
  await until(async () => {
    const computers = await alpha.redirector.ask('computers');
    return computers.some(({ name, instances }) => name === 'BRAVO' && instances === 2);
  });
  await alpha.program.ask('send', ALERTS, 'to all');
  await alpha.program.ask('send', '//BRAVO/mailslot/first', 'for the first');
  await alpha.program.ask('send', '//BRAVO/mailslot/second', 'for the second');
  await bravo.program.ask('send', '//BRAVO/mailslot/second', 'from the other user');
  await sentinel(alpha, [...hosts, second]);
  for (const host of [bravo, second]) assert.deepEqual(own(await texts(host)), ['to all']);
  await second.program.ask('untilReceived', private2, 2);
  await bravo.program.ask('untilReceived', private1, 1);
  const [one, two] = await Promise.all([
    bravo.program.ask('received', private1),
    second.program.ask('received', private2),
  ]);
  assert.deepEqual(
    one.map(({ text }) => text),
    ['for the first'],
  );
  assert.deepEqual(
    two.map(({ text }) => text),
    ['for the second', 'from the other user'],
  );
  return {};
}
