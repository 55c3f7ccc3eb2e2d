import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../errors.js';
import { realPorts } from '../ports/ports.js';
import { readConfigFile } from './config-file.js';
import { formatKeyLine, parseKeyLine } from './key-line.js';
import { KeyStore } from './key-store.js';

const cannot = (message: RegExp) => ({ code: 'ERR_MAILSLOT_INVALID_ARGUMENT', message });

test('the first key of a domain is used at once, others when they are told to be', (t) => {
  const store = keyStore(t);
  const first = store.create('office');
  assert.equal(first.domain, 'OFFICE');
  assert.ok(first.inUse);
  assert.match(first.id, /^[0-9a-f]{8}$/);
  assert.ok(Math.abs(Date.parse(first.installed) - realPorts.clock.now()) < 60_000);
  const second = store.create('Office');
  assert.equal(second.inUse, false);
  const other = store.create('shop');
  assert.deepEqual(store.list(), [first, second, other]);
  assert.equal(store.use(second.id).inUse, true);
  assert.deepEqual(
    store.list().map(({ inUse }) => inUse),
    [false, true, true],
  );
  assert.notEqual(first.id, second.id);
});

test('a line that is shared is installed on another computer, once', (t) => {
  const [alpha, bravo] = [keyStore(t), keyStore(t)];
  const key = alpha.create('OFFICE');
  const line = alpha.share(key.id);
  assert.match(line, /^mailslot-key:1:OFFICE:[\w-]{43}:[0-9a-f]{8}$/);
  const installed = bravo.install(`\r\n ${line}\n`);
  assert.deepEqual({ ...installed, installed: key.installed }, key);
  assert.deepEqual(bravo.install(line), installed);
  assert.equal(bravo.share(key.id), line);
  const [mine, theirs] = [alpha, bravo].map(({ path }) => readConfigFile(path).domains[0]?.keys[0]?.secret);
  assert.deepEqual(mine, theirs);
  assert.equal(mine?.length, 32);
});

test('the key in use goes last, and its domain with it', (t) => {
  const store = keyStore(t);
  const first = store.create('OFFICE');
  const second = store.create('OFFICE');
  assert.throws(() => store.remove(first.id), cannot(/is in use for OFFICE; first run "mailslot key use"/));
  assert.deepEqual(store.remove(second.id), second);
  assert.deepEqual(store.remove(first.id), first);
  assert.deepEqual(readConfigFile(store.path).domains, []);
});

test('what cannot be is refused, and nothing changes', (t) => {
  const store = keyStore(t);
  for (const act of [() => store.use('00000000'), () => store.remove('x'), () => store.share('\x1b')]) {
    assert.throws(act, cannot(/there is no key .* here; "mailslot key list"/));
  }
  assert.throws(() => store.create('a/b'), cannot(/is no name/));
  const key = store.create('OFFICE');
  const { secret } = parseKeyLine(store.share(key.id));
  const before = readFileSync(store.path, 'utf8');
  assert.throws(() => store.install(formatKeyLine({ domain: 'SHOP', secret })), cannot(/is one of OFFICE/));
  assert.equal(readFileSync(store.path, 'utf8'), before);
});

test('keys and domains are bounded', (t) => {
  const store = keyStore(t);
  for (let count = 0; count < 16; count += 1) store.create('OFFICE');
  assert.throws(() => store.create('OFFICE'), cannot(/at most 16 keys/));
  for (let count = 1; count < 16; count += 1) store.create(`D${count}`);
  assert.throws(() => store.create('ONE MORE'), cannot(/at most 16 domains/));
});

test('any key survives its line; a line with one character changed, gone or added does not', () => {
  const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const domains = fc.constantFrom('OFFICE', 'A:B', 'STRAßE 5', '東京');
  const changes = fc.record({ at: fc.nat(), character: fc.constantFrom('', 'A', '-', 'xx', '0') });
  fc.assert(
    fc.property(secrets, domains, changes, (secret, domain, { at, character }) => {
      const line = formatKeyLine({ domain, secret });
      assert.deepEqual(parseKeyLine(line), { domain, secret });
      const place = at % line.length;
      const changed = line.slice(0, place) + character + line.slice(place + 1);
      if (changed === line) return;
      assert.throws(() => parseKeyLine(changed), MailslotError);
    }),
  );
});

test('what is no key is refused, with the next step and without showing it', () => {
  for (const [text, words] of [
    ['', /there is none/],
    ['hunter2', /does not begin with/],
    ['mailslot-key:2:OFFICE:x', /of version 2, .* update it/],
    ['mailslot-key:1:OFFICE:hunter2', /cut off/],
  ] as const) {
    assert.throws(
      () => parseKeyLine(text),
      (error) => {
        assert.ok(error instanceof MailslotError);
        assert.match(error.message, words);
        assert.match(error.message, /mailslot key share/);
        return !error.message.includes('hunter2');
      },
    );
  }
});

function keyStore(t: TestContext): KeyStore {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return new KeyStore(join(folder, 'config.json'), realPorts);
}
