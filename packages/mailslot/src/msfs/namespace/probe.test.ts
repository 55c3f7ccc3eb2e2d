import assert from 'node:assert/strict';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { realPorts } from '../../ports/ports.js';
import { temporaryRoot } from '../temp-root.test.support.js';
import { probe } from './probe.js';

const onUnix = { skip: process.platform === 'win32' && 'needs unix sockets' };

async function listening(t: TestContext): Promise<{ server: Server; path: string }> {
  const server = createServer();
  t.after(() => server.close());
  const path = join(temporaryRoot(t), 'socket');
  await once(server.listen(path), 'listening');
  return { server, path };
}

test('who closes before the system has told us that we are connected is gone', onUnix, async (t) => {
  const { server, path } = await listening(t);
  const sign = probe(path, realPorts.clock);
  server.close();
  assert.equal(await sign, 'gone');
});

test(
  'what cannot be connected to, for whatever reason that is of the path, is no slot for us',
  onUnix,
  async (t) => {
    const { path } = await listening(t);
    const link = `${path}-link`;
    symlinkSync('x'.repeat(300), link);
    assert.equal(await probe(link, realPorts.clock), 'gone');
  },
);
