import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf } from 'mailslot/transports';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { until } from '../lan/support/until.js';
import { Monitor } from '../simulate/nats/monitor.js';
import { SLOT_OF_ALL } from '../simulate/nats/slots.js';
import { DOMAIN, nameOf, Station } from '../simulate/nats/station.js';
import { needs } from '../support/needs.js';
import { runProgram } from '../support/program.js';
import { type Guide, guide, settled } from './support/guide.js';
import { NatsServer } from './support/server.js';

/*
 * What docs/guide/scale.md tells to put into a server's configuration.
 */

const HUB = { HUB: 'tls://berlin:secret@localhost:7422' };

proof(
  'nats-server takes each configuration of the guide, with the permissions that the command prints',
  async (at) => {
    const { folder, files, passwords } = guide(at, DOMAIN, ['ALPHA', 'BRAVO', 'CHARLIE']);
    assert.deepEqual(files, ['cloud.conf', 'hub.conf', 'berlin.conf', 'a.conf']);
    const check = (file: string, env: Record<string, string>) =>
      runProgram('nats-server', ['-t', '-c', file], { cwd: folder, env });
    for (const file of files) {
      const { code, stderr } = check(file, { ...passwords, ...HUB });
      assert.equal(code, 0, `${file}: ${stderr}`);
    }
    assert.notEqual(check('cloud.conf', {}).code, 0, 'without passwords');
    return { files: files.length };
  },
  needs('nats-server', 'openssl'),
);

proof(
  'a hub and a leaf node of the guide: a message to all crosses the line once for the whole site, and is there once',
  async (at) => {
    const { hub, site, monitor, texts } = await hubAndSite(at);
    const heard: string[] = [];
    const stations = await Promise.all(
      [hub, site, site].map((server, number) => station(at, texts, server, number, heard)),
    );
    const [middle, near] = stations as [Station, Station];
    const heardBy = (number: number, text: string): boolean => heard.includes(`${number}: ${text}`);
    const ways = [
      [middle, 1],
      [middle, 2],
      [near, 0],
    ] as const;
    for (const [from, to] of ways) {
      // The hub learns of the site's slots a moment after the site's server did.
      await until(async () => {
        from.toOne(to, SLOT_OF_ALL, 'is it there?');
        return heardBy(to, 'is it there?');
      });
      from.toOne(to, SLOT_OF_ALL, 'nothing is on its way any more');
      await until(async () => heardBy(to, 'nothing is on its way any more'));
    }
    const before = await monitor.look();
    middle.toAll(SLOT_OF_ALL, 'to all');
    await until(async () => heardBy(1, 'to all') && heardBy(2, 'to all'));
    const after = await monitor.look();
    assert.equal(after.outMessages - before.outMessages, 1);
    assert.equal(heard.filter((each) => each.endsWith('to all')).length, 2);
    return {};
  },
  needs('nats-server', 'openssl'),
);

/** A server in the middle, and that of a site. */
async function hubAndSite(at: Scene) {
  const texts = guide(at, DOMAIN, [0, 1, 2].map(nameOf));
  const ports = await NatsServer.freePorts(4);
  const [inCloud, inSite, leaves, http] = ports as [number, number, number, number];
  const watched = `${settled(texts, 'hub.conf', { 4222: inCloud, 7422: leaves })}\nhttp: 127.0.0.1:${http}`;
  const hub = await NatsServer.start(at, { port: inCloud, config: watched });
  const HUB = `tls://berlin:${texts.passwords['PASSWORD_BERLIN']}@127.0.0.1:${leaves}`;
  const config = settled(texts, 'berlin.conf', { 4222: inSite }, { HUB });
  // As the guide says for a hub whose authority is one's own.
  const trusting = config.replace(`"${HUB}"`, `"${HUB}", tls { ca_file: "${texts.folder}/ca.pem" }`);
  const site = await NatsServer.start(at, { port: inSite, config: trusting });
  return { hub, site, monitor: new Monitor(http), texts };
}

const KEY = keyOf(Buffer.alloc(32, 7));

/** A computer that logs in as the guide says; what it hears is written down with its number. */
async function station(
  at: Scene,
  { folder, passwords }: Guide,
  { address }: NatsServer,
  number: number,
  heard: string[],
): Promise<Station> {
  const user = nameOf(number);
  const password = passwords[`PASSWORD_${user.replace('-', '_2d_')}`]!;
  const ca = readFileSync(join(folder, 'server.pem'), 'utf8');
  const servers = [`tls://${address}`];
  const made = new Station(number, {
    settings: { servers, user, password, ca },
    key: KEY,
    heard: (text) => heard.push(`${number}: ${text}`),
    dropped: (_number, reason) => heard.push(`${number}: dropped, ${reason}`),
  });
  at.after(() => made.close());
  await made.start();
  return made;
}
