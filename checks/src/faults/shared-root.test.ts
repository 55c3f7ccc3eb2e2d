import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { openKeyStore } from 'mailslot/domains';
import type { Operations } from '../harness/answer.js';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { folderName, REDIRECTOR_FOLDER } from '../harness/raw.js';
import type { Scene } from '../harness/scene.js';
import { ALICE, as, BOB, publicPrograms, sharedRoot } from '../harness/users.js';
import { until } from '../lan/support/until.js';
import { needs } from '../support/needs.js';
import type { Computer } from './programs/computer.js';
import type { Intruder, Thing } from './programs/intruder.js';

/*
 * A root for the users of a whole machine: it belongs to root, whose redirector serves all of them. Its domain is on
 * loopback only. Alice uses it; Bob is up to no good.
 */

const rights = [onLinux, needs('root')] as const;
const ALL = '//*/mailslot/alerts';
const THINGS: readonly Thing[] = ['folder', 'closed folder', 'listener', 'file', 'link'];

/** As the systemd unit runs it: root without any of root's powers. */
const POWERLESS = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

proof(
  'slots and clients of every user work through the redirector of the root’s owner',
  async (at) => {
    const { chief, alice, bob } = await machine(at);
    await chief.ask('serve');
    const slot = await alice.ask('create', 'alerts');
    await bob.ask('send', ALL, 'from bob');
    await alice.ask('send', '//ALPHA/mailslot/alerts', 'from alice');
    await alice.ask('untilReceived', slot, 2);
    const received = await alice.ask('received', slot);
    assert.deepEqual(
      received.map(({ text, via, computer }) => `${text} ${via} ${computer}`),
      ['from bob loop ALPHA', 'from alice loop ALPHA'],
    );
    assert.deepEqual(
      (await bob.ask('computers')).map(({ name }) => name),
      ['ALPHA'],
    );
    return { users: 2 };
  },
  ...rights,
);

for (const through of [[], POWERLESS]) {
  const who = through.length === 0 ? 'root' : 'root without its powers';
  proof(
    `whatever another user puts in the redirector's place, ${who} starts it there`,
    async (at) => {
      const { root, start, alice, intruder, place } = await machine(at);
      const state = `${root}/.redirector`;
      const slot = await alice.ask('create', 'alerts');
      let received = 0;
      for (const path of [place, state]) {
        for (const thing of THINGS) {
          const owner = await start<Computer>('computer', through);
          await intruder.ask('squat', path, thing);
          await owner.ask('serve');
          await until(async () => {
            await alice.ask('send', ALL, `${path} ${thing}`);
            return (await alice.ask('count', slot)) > received;
          });
          received = await alice.ask('count', slot);
          await owner.ask('unserve');
          rmSync(state, { recursive: true });
        }
      }
      assert.equal(await intruder.ask('visitors'), 0);
      return { things: THINGS, places: 2 };
    },
    ...rights,
  );
}

proof(
  "who puts something in the redirector's place again and again does not keep it from starting",
  async (at) => {
    const { root, chief, intruder, place } = await machine(at);
    let conquests = 0;
    for (const path of [place, `${root}/.redirector`]) {
      await intruder.ask('besiege', path);
      await chief.ask('serve');
      conquests = await intruder.ask('relent');
      assert.ok(conquests > 0);
      assert.equal((await chief.ask('status'))['computer'], 'ALPHA');
      await chief.ask('unserve');
      rmSync(`${root}/.redirector`, { recursive: true });
    }
    return { conquests };
  },
  ...rights,
);

proof(
  'nobody else can stand in for the redirector, and nobody talks to who tries',
  async (at) => {
    const { alice, bob, intruder, place } = await machine(at);
    await intruder.ask('squat', place, 'listener');
    const refused = refusal(`belongs to uid ${BOB}, the root to uid 0`);
    await assert.rejects(alice.ask('send', ALL, 'a secret'), refused);
    await assert.rejects(alice.ask('open', '//BRAVO/mailslot/alerts'), refused);
    await assert.rejects(alice.ask('computers'), refused);
    await assert.rejects(alice.ask('stopRedirector'), refused);
    await assert.rejects(bob.ask('send', ALL, 'also of his own'), refused);
    await alice.ask('create', 'alerts');
    assert.equal(await intruder.ask('visitors'), 0);
    return {};
  },
  ...rights,
);

proof(
  'only the owner of the root starts its redirector, or ends it; who may not is told what to do',
  async (at) => {
    const { chief, alice, bob, intruder, place } = await machine(at);
    const mayNot = refusal('is for uid 0 to start', 'systemctl start mailslot');
    await assert.rejects(bob.ask('serve'), mayNot);
    const alone = refusalOf(
      'ERR_MAILSLOT_REMOTE_DISABLED',
      'it is for uid 0 to start',
      'systemctl start mailslot',
    );
    await assert.rejects(bob.ask('send', '//BRAVO/mailslot/alerts', 'x'), alone);
    await assert.rejects(bob.ask('computers'), alone);
    await chief.ask('serve');
    for (const order of ['stopRedirector', 'reload'] as const) {
      await assert.rejects(bob.ask(order), refusal('obeys uid 0 alone', 'do this as that user'));
    }
    const socket = `${place}/${readdirSync(place)[0]}`;
    for (const order of ['stop', 'reload']) {
      const [mark, answer] = await intruder.ask('ask', socket, { do: order }, place);
      assert.match(mark as string, /mark/);
      assert.match(answer as string, /ERR_MAILSLOT_ACCESS_DENIED/);
    }
    assert.equal((await alice.ask('status'))['pid'], chief.pid);
    await chief.ask('stopRedirector');
    return {};
  },
  ...rights,
);

proof(
  'where no redirector runs, and where one runs in no domain, every user is alone on this computer with `*`',
  async (at) => {
    const { chief, alice, bob } = await machine(at, false);
    const slot = await alice.ask('create', 'alerts', { access: 'everyone' });
    let sent = 0;
    for (const isServed of [false, true]) {
      if (isServed) await chief.ask('serve');
      for (const user of [alice, bob, chief]) {
        await user.ask('send', ALL, 'hello');
        sent += 1;
      }
      await assert.rejects(
        bob.ask('send', '//BRAVO/mailslot/alerts', 'x'),
        refusalOf('ERR_MAILSLOT_REMOTE_DISABLED'),
      );
    }
    await alice.ask('untilReceived', slot, sent);
    const received = await alice.ask('received', slot);
    assert.ok(received.every(({ text, via }) => text === 'hello' && via === 'local'));
    return { sent };
  },
  ...rights,
);

proof(
  'nobody has the messages of a slot but its owner: not before it is there, nor later, nor by having had its name',
  async (at) => {
    const { root, chief, alice, intruder, place } = await machine(at);
    await chief.ask('serve');
    const socket = `${place}/${readdirSync(place)[0]}`;
    const folder = `${root}/${await folderName('alerts')}`;
    const attach = { do: 'attach', slot: 'alerts', remote: 'anyone' };
    const early = await intruder.ask('ask', socket, attach, folder);
    assert.match(early.join(), /ERR_MAILSLOT_NOT_FOUND/);
    await intruder.ask('linger', socket, 'alerts', folder);

    const slot = await alice.ask('create', 'alerts');
    await intruder.ask('untilExpelled');
    await alice.ask('send', ALL, 'for alice');
    await alice.ask('untilReceived', slot, 1);

    const late = await intruder.ask('ask', socket, attach, folder);
    assert.match(late.join(), /mark.*ERR_MAILSLOT_ACCESS_DENIED/);
    await alice.ask('send', ALL, 'for alice still');
    await alice.ask('untilReceived', slot, 2);
    return {};
  },
  ...rights,
);

interface Machine {
  readonly root: string;
  /** Where the redirector belongs. */
  readonly place: string;
  /** Owns the root. */
  readonly chief: Child<Computer>;
  readonly alice: Child<Computer>;
  readonly bob: Child<Computer>;
  /** Also Bob. */
  readonly intruder: Child<Intruder>;
  start<T extends Operations<T>>(program: string, through: readonly string[]): Promise<Child<T>>;
}

async function machine(at: Scene, isInDomain = true): Promise<Machine> {
  const [folder, root, config] = [publicPrograms(at), sharedRoot(at), `${at.folder()}/config.json`];
  if (isInDomain) await enterDomain(config);
  const start: Machine['start'] = (program, through) => {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const own = through.includes(`--reuid=${ALICE}`) || through.includes(`--reuid=${BOB}`);
    // Of users root alone is in a domain; others have no configuration, and cannot read root's.
    const path = own ? '/nonexistent/config.json' : config;
    return at.start(program, {
      folder,
      through,
      env: { ...env, MAILSLOT_ROOT: root, MAILSLOT_CONFIG: path },
    });
  };
  const [chief, alice, bob, intruder] = await Promise.all([
    start<Computer>('computer', []),
    start<Computer>('computer', as(ALICE)),
    start<Computer>('computer', as(BOB)),
    start<Intruder>('intruder', as(BOB)),
  ]);
  return { root, chief, alice, bob, intruder, start, place: `${root}/${REDIRECTOR_FOLDER}` };
}

async function enterDomain(config: string): Promise<void> {
  openKeyStore(config).create('OFFICE');
  const file = JSON.parse(readFileSync(config, 'utf8'));
  for (const domain of file.domains) domain.lan = { interfaces: ['lo'], port: await freePort() };
  writeFileSync(config, JSON.stringify({ ...file, computer: 'ALPHA' }));
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}

function refusal(...parts: readonly string[]): (error: Error) => boolean {
  return refusalOf('ERR_MAILSLOT_ACCESS_DENIED', ...parts);
}

function refusalOf(code: string, ...parts: readonly string[]): (error: Error) => boolean {
  return (error) => {
    assert.equal((error as NodeJS.ErrnoException).code, code);
    for (const part of parts) assert.ok(error.message.includes(part), error.message);
    return true;
  };
}
