import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Gate } from './gate.js';

const from = (headers: IncomingMessage['headers']): IncomingMessage => ({ headers }) as IncomingMessage;

test('a host without a port is ours on the usual port alone', () => {
  const usual = new Gate(80, 'secret');
  for (const host of ['127.0.0.1', 'localhost', 'localhost:80']) {
    usual.checkOrigin(from({ host }));
    usual.checkOrigin(from({ host, origin: `http://${host}` }));
    assert.throws(() => usual.checkOrigin(from({ host, origin: 'http://evil.example' })), { status: 403 });
  }
  assert.throws(() => usual.checkOrigin(from({ host: 'evil.example' })), { status: 421 });
  assert.throws(() => new Gate(8080, 'secret').checkOrigin(from({ host: 'localhost' })), { status: 421 });
});
