import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PageState } from '@mailslot/web/api';
import { intoDomain, serving } from '../../testing/domain.js';
import { needs } from '../../testing/programs.js';
import { bin, type Running, scene } from '../../testing/scene.js';

const posix = process.platform === 'linux' ? needs('setpriv') : { skip: 'ports are for all users elsewhere' };
const linux = { skip: process.platform === 'linux' ? false : 'needs multicast on loopback' };

test('--page prints a link that opens; with --port it is the same the next time', async (t) => {
  const stage = scene(t);
  const first = await serving(stage, '--page');
  const link = pageOf(first);
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
  const [address = '', token] = link.split('#');
  assert.match(await (await fetch(address)).text(), /<html/);
  const state = await fetch(`${address}api/state`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(state.status, 200);
  assert.equal((await fetch(`${address}api/state`)).status, 401);
  first.child.kill('SIGTERM');
  assert.equal((await first.ended).signal, 'SIGTERM');

  const { port } = new URL(address);
  const links = [];
  for (let round = 0; round < 2; round += 1) {
    const again = await serving(stage, '--page', '--port', port);
    links.push(pageOf(again));
    again.child.kill('SIGTERM');
    await again.ended;
  }
  assert.equal(links[0], links[1]);
  assert.notEqual(links[0], link);
});

test('a link that cannot be kept is good for one run, and that is said', async (t) => {
  const stage = scene(t);
  const { port } = new URL(pageOf(await serving(scene(t), '--page')));
  mkdirSync(join(stage.root, 'state', 'mailslot', 'messenger', 'page-token', 'in the way'), {
    recursive: true,
    mode: 0o700,
  });
  const people = await serving(stage, '--page', '--port', String(Number(port) + 1));
  assert.match(pageOf(people), /#[\w-]{43}$/);
  people.child.kill('SIGTERM');
  assert.match((await people.ended).stderr, /^mailslot: the link of the page is good for this run only: /m);
});

test('a port of the system is refused with the reason', posix, async (t) => {
  const stage = scene(t);
  // As root without the right to such ports.
  const plain = ['--bounding-set=-net_bind_service', '--inh-caps=-net_bind_service'];
  const words = [process.execPath, bin, 'serve', '--page', '--port', '79'];
  const isRoot = process.geteuid?.() === 0;
  const { code, stderr } = await (isRoot
    ? stage.other('setpriv', ...plain, ...words)
    : stage.start(...words.slice(2))
  ).ended;
  assert.equal(code, 1);
  assert.match(
    stderr,
    /port 79 is not for this user: ports below 1024 are the system's; choose one from 1024/,
  );
});

test('a redirector that runs already is used, unless another one was asked for', linux, async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  const people = await serving(stage, '--popups');
  await people.printed('ALPHA');
  assert.match(
    (await stage.run('send', 'alpha', 'hello')).stdout,
    /^sent to ALPHA in OFFICE; .* not known\n$/,
  );
  assert.equal((await stage.run('serve', '--popups', '--ipv4')).code, 1);
});

test('a message is shown and handed to a command, and none of it is run', async (t) => {
  const stage = scene(t);
  const heard = join(stage.root, 'heard');
  // Not echo, which obeys backslashes in some shells.
  const say = `printf '%s from %s: %s\\n' "$MAILSLOT_NOTE_LEVEL" "$MAILSLOT_NOTE_FROM" "$MAILSLOT_NOTE_TEXT"`;
  const command = `cat > '${heard}'; ${say}`;
  // No desktop of whoever runs the tests.
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS']) delete stage.env[name];
  const people = await serving(stage, '--popups', '--exec', command);
  const text = '$(touch pwned)\x1b[2J\n`id`';
  assert.equal((await stage.run('send', '*', '--level', 'warning', text)).code, 0);
  await people.printed(': $(touch pwned)\\x1b[2J\\n`id`\n');
  assert.equal(readFileSync(heard, 'utf8'), text);
  people.child.kill('SIGTERM');
  const { stdout, stderr } = await people.ended;
  assert.match(stdout, /^warning from /m);
  assert.match(stderr, / to everybody \[warning\]: \$\(touch pwned\)·\[2J\\n`id`\n/);
});

test('alerts that nobody has confirmed are shown again after a restart', async (t) => {
  const stage = scene(t);
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS']) delete stage.env[name];
  const first = await serving(stage, '--popups', '--exec', 'printf taken');
  assert.equal((await stage.run('send', '*', '--level', 'alert', 'leave the house')).code, 0);
  await first.printed('taken');
  first.child.kill('SIGTERM');
  await first.ended;
  const second = await serving(stage, '--popups');
  second.child.kill('SIGTERM');
  assert.match((await second.ended).stderr, / to everybody \[alert\]: leave the house/);
});

test('the page follows the domain that a key makes while it runs', linux, async (t) => {
  const stage = scene(t);
  const [address, token] = pageOf(await serving(stage, '--page')).split('#');
  const headers = { authorization: `Bearer ${token}` };
  const state = (await (await fetch(`${address}api/state`, { headers })).json()) as PageState;
  assert.equal(state.domain, null);
  assert.equal((await stage.run('key', 'new', 'OFFICE', '--interface', 'lo')).code, 0);
  const after = new URLSearchParams({ run: state.run, after: `${state.sequence}` });
  const events = await fetch(`${address}api/events?${after}`, { headers });
  let told = '';
  for await (const part of events.body!.pipeThrough(new TextDecoderStream())) {
    told += part;
    if (told.includes('"domain":"OFFICE"}')) break;
  }
  assert.match(told, /"computers":\[\{.*"isThis":true\}\],"domain":"OFFICE"/);
});

test('what makes no sense is refused', async (t) => {
  const { run } = scene(t);
  for (const words of [
    ['--port', '80'],
    ['--page', '--port', '70000'],
    ['--receipts', 'read'],
  ]) {
    assert.equal((await run('serve', ...words)).code, 2, words.join(' '));
  }
});

/** Of what it printed first. */
function pageOf({ printedLines }: Running): string {
  return JSON.parse(printedLines()[0] as string).page;
}
