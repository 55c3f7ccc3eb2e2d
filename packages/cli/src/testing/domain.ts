import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { openKeyStore } from 'mailslot/domains';
import type { Running, Scene } from './scene.js';

/**
 * Puts scenes into one domain on loopback, on a port that nobody else has now: other tests may use the usual one.
 *
 * @returns the key's id
 */
export async function intoDomain(name: string, ...stages: readonly Scene[]): Promise<string> {
  const port = await freePort();
  let line: string | undefined;
  let id = '';
  for (const { env } of stages) {
    const path = env['MAILSLOT_CONFIG'] as string;
    const keys = openKeyStore(path);
    ({ id } = line === undefined ? keys.create(name) : keys.install(line));
    line = keys.share(id);
    const file = JSON.parse(readFileSync(path, 'utf8'));
    for (const domain of file.domains) domain.lan = { interfaces: ['lo'], port };
    writeFileSync(path, JSON.stringify(file));
  }
  return id;
}

/** Starts `mailslot serve` and waits until it says what it serves. */
export async function serving({ start }: Scene, ...options: string[]): Promise<Running> {
  const running = start('serve', '--json', ...options);
  await running.printed('\n');
  return running;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}
