import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMailslot } from 'mailslot';
import { intoDomain, serving } from '../../testing/domain.js';
import { type Scene, scene } from '../../testing/scene.js';

const BRAVO = '//BRAVO/mailslot/alerts';
const ALL = '//*/mailslot/alerts';

test('in no domain another computer is refused with the next step', async (t) => {
  const { run } = scene(t);
  for (const name of [BRAVO, '//OFFICE/mailslot/alerts']) {
    const { code, stdout, stderr } = await run('write', name, 'hi');
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^mailslot: this computer is in no domain.*"mailslot key new OFFICE".*\n$/);
  }
  const { stderr } = await run('write', BRAVO, 'hi', '--json');
  assert.equal(JSON.parse(stderr).error.code, 'ERR_MAILSLOT_REMOTE_DISABLED');
});

test('in no domain the own one is this computer alone, and that is said in one line', async (t) => {
  const { run, root } = scene(t);
  const slot = await createMailslot('alerts', { root });
  t.after(() => slot.close());
  const { code, stderr } = await run('write', ALL, 'hi');
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^mailslot: \/\/\*\/mailslot\/alerts means the local slot alerts for now: this computer is in no domain.*\n$/,
  );
  assert.equal(slot.tryRead()?.text(), 'hi');
});

test('where no redirector runs and none may be started, it says how to start one', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  const { code, stderr } = await stage.run('write', ALL, 'hi');
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: .*run "mailslot serve"\n$/);
});

test('a computer that is not there: exit code 1, after --wait or --timeout 3', async (t) => {
  const { run } = await office(t);
  const { code, stderr } = await run('write', BRAVO, 'hi');
  assert.equal(code, 1);
  assert.match(stderr, /^mailslot: no computer BRAVO is in the domain OFFICE now; "mailslot computers".*\n$/);
  const waited = await run('write', '--wait', '100ms', BRAVO, 'hi');
  assert.equal(waited.code, 3);
  assert.match(
    waited.stderr,
    /^mailslot: no computer BRAVO appeared within 100 ms; "mailslot computers".*\n$/,
  );
  assert.equal((await run('write', '--timeout', '100ms', BRAVO, 'hi')).code, 3);
});

test('--wait waits for a computer to appear', async (t) => {
  const [alpha, bravo] = [scene(t), scene(t)];
  await intoDomain('OFFICE', alpha, bravo);
  await serving(alpha, '--computer', 'ALPHA');
  const writing = alpha.run('write', '--wait', '60s', BRAVO, 'at last');
  await serving(bravo, '--computer', 'BRAVO');
  assert.deepEqual(await writing, { code: 0, signal: null, stdout: '', stderr: '', bytes: Buffer.alloc(0) });
});

test('more than goes to other computers at once is refused with the limit', async (t) => {
  const { run, feed } = await office(t);
  const long = 'x'.repeat(70_000);
  const text = await run('write', ALL, long);
  assert.equal(text.code, 1);
  assert.match(text.stderr, /^mailslot: a message of 70000 bytes .* 61440 .*send it in parts.*\n$/);
  const body = await feed(long, 'write', ALL);
  assert.equal(body.code, 1);
  assert.match(body.stderr, / 60 KiB, .*--lines/);
  assert.match((await feed(`${long}\n`, 'write', ALL, '--lines')).stderr, /line 1 .* 60 KiB, .*break it up/);
  assert.equal((await feed('x'.repeat(61_440), 'write', ALL)).code, 0);
});

test('how a slot of another computer stands is told there', async (t) => {
  const { run } = scene(t);
  for (const name of [BRAVO, ALL, '\\\\bravo\\mailslot\\alerts']) {
    const { code, stderr } = await run('info', name);
    assert.equal(code, 2);
    assert.match(stderr, /^mailslot: .*own computer only; run "mailslot info alerts" there.*\n$/);
  }
  assert.match((await run('info', '//./mailslot/alerts')).stderr, /no mailslot alerts/);
});

test("the house's own services are nobody's to write to", async (t) => {
  const { run } = await office(t);
  for (const name of ['$redirector', '//*/mailslot/$browse']) {
    const { code, stderr } = await run('write', name, 'hi');
    assert.equal(code, 2);
    assert.match(stderr, /reserved.*choose another name/);
  }
});

async function office(t: Parameters<typeof scene>[0]): Promise<Scene> {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  return stage;
}
