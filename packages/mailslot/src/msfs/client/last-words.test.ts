import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { openMailslot } from '../../index.js';
import { runModule, temporaryRoot } from '../temp-root.test.support.js';
import { hearLastWords } from './last-words.js';

/** A socket whose other end has said something and is gone: what is written fails. */
class Abandoned extends Duplex {
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: unknown, done: (error: Error) => void): void {
    done(new Error('EPIPE'));
  }
  override _writev(_chunks: unknown, done: (error: Error) => void): void {
    done(new Error('EPIPE'));
  }
}

for (const writes of [1, 2]) {
  test(`what the other end said last is heard before the failure of ${writes} writes`, async () => {
    const socket = new Abandoned();
    hearLastWords(socket as unknown as Socket);
    const events: string[] = [];
    socket.on('data', (chunk: Buffer) => events.push(chunk.toString()));
    socket.on('error', (error) => events.push(error.message));
    socket.cork();
    for (let write = 0; write < writes; write += 1) socket.write('too late');
    socket.uncork();
    socket.push('taken');
    socket.push(null);
    await new Promise((resolve) => socket.on('close', resolve));
    assert.deepEqual(events, ['taken', 'EPIPE']);
  });
}

test('a message that was taken is told as taken, although the slot is gone before its client looks', async (t) => {
  const root = temporaryRoot(t);
  const done = `${root}-closed`;
  t.after(() => rmSync(done, { force: true }));
  const server = runModule(root, [
    `const { writeFileSync } = await import('node:fs');`,
    `const slot = await mailslot.createMailslot('a', { root });`,
    `await slot.read();`,
    `await slot.close();`,
    `writeFileSync(${JSON.stringify(done)}, '');`,
  ]);
  const client = await openMailslot('a', { root, wait: 60_000 });
  const first = client.write('first');
  // A client that has much to do: it does not look at its connection before the slot has gone.
  for (let spins = 0; !existsSync(done); spins += 1) assert.ok(spins < 1e8, 'the slot does not close');
  const second = assert.rejects(client.write('second'), { code: 'ERR_MAILSLOT_CLOSED' });
  await first;
  await second;
  await client.close();
  assert.equal((await server).code, 0);
});
