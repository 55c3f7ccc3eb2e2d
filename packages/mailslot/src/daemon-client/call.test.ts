import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectTo } from '../msfs/client/connect.js';
import { temporaryRoot } from '../msfs/temp-root.test.support.js';
import { realPorts } from '../ports/ports.js';
import { callAt } from './call.js';

const onUnix = { skip: process.platform === 'win32' && 'needs unix sockets' };

async function listening(t: TestContext): Promise<{ server: Server; path: string }> {
  const server = createServer();
  t.after(() => server.close());
  const path = join(temporaryRoot(t), 'socket');
  await once(server.listen(path), 'listening');
  return { server, path };
}

test(
  'who opens a slot just when it closes is told that the slot closed, and who asks the redirector that it did',
  onUnix,
  async (t) => {
    const options = { name: 'app', clock: realPorts.clock, patienceMs: 10_000, signal: undefined };
    for (const call of [
      (path: string) => connectTo(path, options),
      (path: string) => connectTo(path, { ...options, preface: '{"do":"open"}\n' }),
      (path: string) => callAt(path, { do: 'status' }, realPorts),
    ]) {
      const { server, path } = await listening(t);
      const called = call(path);
      server.close();
      await assert.rejects(called, { code: 'ERR_MAILSLOT_CLOSED' });
    }
  },
);
