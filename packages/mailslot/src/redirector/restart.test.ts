import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs, { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import { VirtualClock } from '../testing/virtual-clock.js';
import { datagram } from './datagrams.test.support.js';
import { Host, Hub, office, temporaryFile, testPorts } from './hub.test.support.js';
import { fileWindows } from './window-file.js';

/** Redirectors of one computer that follow each other, on one file. */
class Succession {
  readonly clock = new VirtualClock();
  readonly got: string[] = [];
  readonly warnings: string[] = [];
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The next one; the one before it is left as a kill would leave it, with its file open and nothing said. */
  async next(hub: Hub = new Hub()) {
    const transport = hub.transport();
    const ports = testPorts(this.clock);
    const windows = fileWindows(this.path, { messages: 512 });
    const host = new Host('ALPHA', { domains: office(transport), windows, ports });
    host.redirector.attach('a', 'domain', (data) => this.got.push(data.toString()) > 0);
    await host.redirector.start();
    this.warnings.push(...ports.warnings);
    return { host, transport, ports };
  }
}

test('what was delivered is not delivered again after a kill, and what was sent meanwhile is delivered', async (t) => {
  const succession = new Succession(temporaryFile(t));
  const { clock, got } = succession;
  const first = await succession.next();
  const sent = [5, 3, 4, 9].map((counter) => datagram(clock.now(), { counter }));
  for (const each of sent) first.transport.hear(each);
  const missed = datagram(clock.now(), { counter: 8 });
  clock.advance(20_000);
  const { transport, host } = await succession.next();
  for (const each of [...sent, missed, missed]) transport.hear(each);
  assert.deepEqual(got, ['5', '3', '4', '9', '8']);
  assert.deepEqual(host.dropped, { duplicate: 5 });
  // Also an instance that nobody has heard before, from before our start: all that was delivered is known.
  transport.hear(datagram(clock.now() - 10_000, { instance: 'eeeeeeeeeeeeeeee' }));
  assert.equal(got.length, 6);
});

test('what it sent itself, and delivered here, does not come in from the network after a restart', async (t) => {
  const succession = new Succession(temporaryFile(t));
  const hub = new Hub();
  const { host } = await succession.next(hub);
  host.send('//*/mailslot/a', 'once');
  const { host: successor } = await succession.next(hub);
  hub.flush();
  assert.deepEqual(succession.got, ['once']);
  assert.deepEqual(successor.dropped, { duplicate: 1 });
});

test('many instances come and go, each killed and started again', async (t) => {
  const succession = new Succession(temporaryFile(t));
  for (let round = 0; round < 5; round += 1) {
    const { transport } = await succession.next();
    for (let number = 0; number < 100; number += 1) {
      const instance = number.toString(16).padStart(16, 'a');
      transport.hear(datagram(succession.clock.now(), { instance, counter: 1 + (round >> 1) }));
    }
  }
  assert.equal(succession.got.length, 300);
});

test('a torn last record is of a message that was not delivered', async (t) => {
  const path = temporaryFile(t);
  const succession = new Succession(path);
  const { transport } = await succession.next();
  const [one, two] = ['dddddddddddddddd', 'eeeeeeeeeeeeeeee'].map((instance) => {
    return datagram(succession.clock.now(), { instance });
  });
  transport.hear(one!);
  const { size } = statSync(path);
  transport.hear(two!);
  for (const torn of [1, 60, 127]) {
    truncateSync(path, size + torn);
    const { transport: next } = await succession.next();
    next.hear(one!);
    assert.equal(succession.got.length, 2);
  }
  const { transport: last } = await succession.next();
  last.hear(two!);
  assert.equal(succession.got.length, 3);
  const { transport: after } = await succession.next();
  after.hear(two!);
  assert.equal(succession.got.length, 3);
});

test('a file that is not ours, of another start of the system, or cut short counts as none', async (t) => {
  const path = temporaryFile(t);
  const succession = new Succession(path);
  const { clock, got } = succession;
  const { transport } = await succession.next();
  transport.hear(datagram(clock.now()));
  const good = readFileSync(path);
  const changed = (at: number) => Buffer.from(good.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  for (const bytes of [
    Buffer.alloc(0),
    good.subarray(0, 63),
    changed(0),
    changed(4),
    changed(8),
    changed(20),
  ]) {
    writeFileSync(path, bytes);
    clock.advance(10);
    const { transport: next } = await succession.next();
    next.hear(datagram(clock.now() - 1));
    assert.equal(got.length, 1);
    next.hear(datagram(clock.now(), { counter: 2 }));
    assert.equal(got.pop(), '2');
    const { transport: after } = await succession.next();
    after.hear(datagram(clock.now(), { counter: 2 }));
    assert.equal(got.length, 1);
  }
  assert.deepEqual(succession.warnings, []);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('whatever somebody made of the file, the next run starts and takes what is new', async (t) => {
  const path = temporaryFile(t);
  const succession = new Succession(path);
  const { clock, got } = succession;
  const first = await succession.next();
  for (let counter = 1; counter <= 20; counter += 1) first.transport.hear(datagram(clock.now(), { counter }));
  const sound = readFileSync(path);
  const head = sound.subarray(0, 64);
  const spoiled: (() => void)[] = [
    () => writeFileSync(path, Buffer.concat([head, randomBytes(500_000)])),
    () => writeFileSync(path, Buffer.concat([head, Buffer.alloc(500_000, 255)])),
    () => writeFileSync(path, randomBytes(sound.length)),
    () => truncateSync(path, 10 * 2 ** 30),
  ];
  if (process.platform !== 'win32')
    spoiled.push(() => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    });
  for (const spoil of spoiled) {
    spoil();
    const { transport } = await succession.next();
    clock.advance(60_000);
    const before = got.length;
    transport.hear(datagram(clock.now(), { instance: randomBytes(8).toString('hex') }));
    assert.equal(got.length, before + 1, String(spoil));
  }
});

test('a clock that was set back between two runs does not make us deaf', async (t) => {
  const succession = new Succession(temporaryFile(t));
  await succession.next();
  succession.clock.jump(-3_600_000);
  const { transport } = await succession.next();
  transport.hear(datagram(succession.clock.now()));
  assert.deepEqual(succession.got, ['1']);
});

test('what came while nobody ran is taken by the next run, also if the clock was set back before the last one', async (t) => {
  const succession = new Succession(temporaryFile(t));
  const { host } = await succession.next();
  await host.redirector.close();
  succession.clock.jump(-3_600_000);
  await succession.next();
  const missed = datagram(succession.clock.now());
  succession.clock.advance(1_000);
  const { transport } = await succession.next();
  transport.hear(missed);
  assert.deepEqual(succession.got, ['1']);
});

test('a full disk is said, stops nothing, and makes nothing come twice', async (t) => {
  const path = temporaryFile(t);
  const succession = new Succession(path);
  const { transport, ports } = await succession.next();
  const hear = (counter: number): void => transport.hear(datagram(succession.clock.now(), { counter }));
  hear(1);
  fillDisk(t);
  hear(2);
  hear(2);
  hear(3);
  t.mock.restoreAll();
  syncBuiltinESMExports();
  assert.deepEqual(succession.got, ['1', '2', '3']);
  assert.equal(ports.warnings.length, 1);
  assert.match(ports.warnings[0] ?? '', /ENOSPC.*the next start will take no messages from before it/);
  succession.clock.advance(1);
  const { transport: next, host } = await succession.next();
  for (const counter of [1, 2, 3]) next.hear(datagram(succession.clock.now() - 1, { counter }));
  assert.deepEqual(host.dropped, { clock: 3 });
  next.hear(datagram(succession.clock.now(), { counter: 4 }));
  assert.deepEqual(succession.got, ['1', '2', '3', '4']);
});

/** From now on the file system takes half of what is written, and then nothing. */
function fillDisk(t: TestContext): void {
  const write = fs.writeSync as (...call: unknown[]) => number;
  let room = 1;
  t.mock.method(
    fs,
    'writeSync',
    (file: number, bytes: Buffer, at: number, length: number, position: number) => {
      if (room === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      room -= 1;
      return write(file, bytes, at, length >> 1, position);
    },
  );
  syncBuiltinESMExports();
}

test('a file that cannot be opened is said, and messages are delivered', async (t) => {
  const path = temporaryFile(t);
  mkdirSync(path);
  const succession = new Succession(path);
  const { transport } = await succession.next();
  transport.hear(datagram(succession.clock.now()));
  assert.deepEqual(succession.got, ['1']);
  assert.match(succession.warnings[0] ?? '', /remove it before the next start/);
});
