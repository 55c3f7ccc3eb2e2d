import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { natsTransport } from '@mailslot/nats';
import type { NatsTransport } from 'mailslot';
import { type Medium, transportConformance } from 'mailslot/testing';
import { KeyRing, keyOf, realPorts } from 'mailslot/transports';
import { makeScene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import { NatsServer } from './support/server.js';

/** What is on its way to or from a server of this computer is there before so many looks in a row find nothing new. */
const QUIET_LOOKS = 8;
const LOOK_MS = 5;

async function medium(seal: boolean): Promise<Medium> {
  const { scene, clear } = makeScene();
  const server = await NatsServer.start(scene);
  const made: NatsTransport[] = [];
  const movement = (): string =>
    made
      .map((transport) => transport.describe())
      .map(({ sent, received, waiting }) => `${sent.packets} ${received.packets} ${waiting}`)
      .join();
  return {
    transport(domain, computer) {
      const key = keyOf(Buffer.alloc(32, domain));
      const keys = new KeyRing(domain, [key], key.id);
      const settings = { servers: [server.url], seal };
      const transport = natsTransport({ domain, computer, keys, settings }, realPorts);
      made.push(transport);
      return transport;
    },
    async settle() {
      let before = '';
      for (let quiet = 0; quiet < QUIET_LOOKS; quiet += 1) {
        await pause(LOOK_MS);
        const now = movement();
        if (now !== before) quiet = 0;
        before = now;
      }
    },
    close: clear,
  };
}

const { skip } = needs('nats-server');
if (skip === false) {
  transportConformance('nats', () => medium(true));
  transportConformance('nats, in clear', () => medium(false));
} else {
  test('what a transport promises, over nats', { skip });
}
