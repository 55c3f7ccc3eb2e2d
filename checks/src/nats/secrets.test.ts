import assert from 'node:assert/strict';
import { permissionsOf } from '@mailslot/nats';
import { proof } from '../harness/proof.js';
import { ALERTS, own, sentinel, texts } from '../lan/support/office.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import { eavesdrop } from './support/eavesdrop.js';
import { type Member, member, members, statusOf } from './support/members.js';
import { NatsServer } from './support/server.js';

const SECRET = 'the vault opens at noon';
const SLOT = 'vault-door-alarms';

proof(
  'neither the log of the server nor a subscriber to everything sees what messages say, nor for which slot they are',
  async (at) => {
    const server = await NatsServer.start(at, { config: 'debug: true\ntrace: true' });
    const heard = await eavesdrop(at, server);
    const settings = { servers: [server.url] };
    const [alpha, bravo] = (await members(at, ['ALPHA', 'BRAVO'], settings)) as [Member, Member];
    const slot = await bravo.program.ask('create', SLOT);
    await alpha.program.ask('send', `//BRAVO/mailslot/${SLOT}`, SECRET);
    await alpha.program.ask('send', `//*/mailslot/${SLOT}`, SECRET);
    await bravo.program.ask('untilReceived', slot, 2);
    const seen = [...heard, Buffer.from(server.log)];
    // What this test would find if it were there: the subjects, which say nothing.
    assert.ok(seen.at(-1)!.includes('ms.'), 'the log tells of messages');
    assert.ok(heard.length >= 4, `${heard.length / 2} messages were overheard`);
    for (const word of [SECRET, SLOT, SLOT.toUpperCase(), 'vault']) {
      assert.ok(!seen.some((bytes) => bytes.includes(word)), `"${word}" is in clear`);
    }
    return { overheard: heard.length / 2, logBytes: seen.at(-1)!.length };
  },
  needs('nats-server'),
);

proof(
  'a domain in clear is read by the operator, and only slots for anyone take what comes: the search above finds things',
  async (at) => {
    const server = await NatsServer.start(at);
    const heard = await eavesdrop(at, server);
    const settings = { servers: [server.url], seal: false };
    // Nobody is seen where no transport vouches for who speaks.
    const alpha = await member(at, 'ALPHA', { nats: settings });
    const bravo = await member(at, 'BRAVO', { nats: settings, key: alpha.key });
    const open = await bravo.program.ask('create', SLOT, { remote: 'anyone' });
    await alpha.program.ask('send', `//BRAVO/mailslot/${SLOT}`, SECRET);
    await alpha.program.ask('send', ALERTS, SECRET);
    await alpha.program.ask('send', `//*/mailslot/${SLOT}`, SECRET);
    await bravo.program.ask('untilReceived', open, 2);
    assert.ok(heard.some((bytes) => bytes.includes(SECRET) && bytes.includes(SLOT)));
    const [first] = await bravo.program.ask('received', open);
    assert.deepEqual([first?.via, first?.authenticated], ['nats', false]);
    assert.deepEqual(await texts(bravo), [], 'a slot for members');
    return {};
  },
  needs('nats-server'),
);

proof(
  'a computer without the key gets nothing, and what it sends reaches nobody; its status says why',
  async (at) => {
    const server = await NatsServer.start(at);
    const nats = { servers: [server.url] };
    const hosts = (await members(at, ['ALPHA', 'BRAVO'], nats)) as [Member, Member];
    const [alpha, bravo] = hosts;
    const wrong = await member(at, 'WRONG', { nats });
    await alpha.program.ask('send', ALERTS, 'ours');
    await wrong.program.ask('send', ALERTS, 'of a stranger');
    await until(async () => (await statusOf(wrong)).domains[0]!.nats.received.dropped.foreign > 0);
    await sentinel(alpha, hosts);
    await sentinel(wrong, [wrong]);
    assert.deepEqual(own(await texts(bravo)), ['ours']);
    assert.deepEqual(own(await texts(wrong)), ['of a stranger']);
    assert.ok((await statusOf(bravo)).domains[0]!.nats.received.dropped.foreign > 0);
    return {};
  },
  needs('nats-server'),
);

/** Who may log in as which computer, and do what that one may do. */
function users(names: readonly string[]): string {
  const lines = names.map((name) => {
    const { publish, subscribe } = permissionsOf('OFFICE', name);
    const permissions = JSON.stringify({ publish, subscribe });
    return `{ user: ${name}, password: "of ${name}", permissions: ${permissions} }`;
  });
  return `authorization { users: [\n${lines.join('\n')}\n] }`;
}

proof(
  'with the permissions of the generator all works, and a computer cannot speak for another one',
  async (at) => {
    const names = ['ALPHA', 'BRAVO', 'MALLORY'] as const;
    const server = await NatsServer.start(at, { config: users(names) });
    const nats = (name: string) => ({ servers: [server.url], user: name, password: `of ${name}` });
    const alpha = await member(at, 'ALPHA', { nats: nats('ALPHA') });
    const bravo = await member(at, 'BRAVO', { nats: nats('BRAVO'), key: alpha.key });
    // A member with the key, who logs in as itself and says that it is ALPHA.
    const mallory = await member(at, 'ALPHA', { nats: nats('MALLORY'), key: alpha.key });
    await until(async () => (await alpha.redirector.ask('computers')).some(({ name }) => name === 'BRAVO'));
    await alpha.program.ask('send', '//BRAVO/mailslot/alerts', 'of alpha');
    await mallory.program.ask('send', ALERTS, 'forged');
    await until(async () => (await statusOf(mallory)).domains[0]!.nats.refused.length > 0);
    await sentinel(alpha, [bravo]);
    assert.deepEqual(own(await texts(bravo)), ['of alpha']);
    const { refused } = (await statusOf(mallory)).domains[0]!.nats;
    assert.ok(
      refused.some((each) => /publish/i.test(each)),
      refused.join(', '),
    );
    assert.deepEqual((await statusOf(alpha)).domains[0]!.nats.refused, []);
    return { refused: refused.length };
  },
  needs('nats-server'),
);
