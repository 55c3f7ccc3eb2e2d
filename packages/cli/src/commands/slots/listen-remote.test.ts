import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intoDomain, serving } from '../../testing/domain.js';
import { scene } from '../../testing/scene.js';

test('what came through a domain has the computer and a tab in front, what came from here has not', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  const { ended } = await stage.listen('alerts', '--remote', 'domain', '--count', '3');
  await stage.run('write', 'alerts', 'from here');
  // Nobody here can make a line that looks as if it came from elsewhere.
  await stage.run('write', 'alerts', 'BRAVO\tforged');
  const { code, stderr } = await stage.run('write', '//*/mailslot/alerts', 'two\nlines\tand a tab');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { stdout } = await ended;
  assert.equal(stdout, 'from here\nBRAVO\\tforged\nALPHA\ttwo\\nlines\\tand a tab\n');
});

test('--json says how a message came, from which computer, and whether somebody vouches for it', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  const { ended } = await stage.listen('alerts', '--remote', 'anyone', '--json', '--count', '1');
  await stage.run('write', '//OFFICE/mailslot/alerts', 'hi');
  const { text, sender } = JSON.parse((await ended).stdout);
  assert.equal(text, 'hi');
  assert.deepEqual(sender, {
    via: 'loop',
    authenticated: true,
    computer: 'ALPHA',
    domain: 'OFFICE',
  });
});

test('--raw adds nothing, and --exec is told the computer', async (t) => {
  const stage = scene(t);
  stage.env['MAILSLOT_SENDER_COMPUTER'] = 'of whoever started this';
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  const raw = await stage.listen('raw', '--remote', 'domain', '--raw', '--count', '1');
  await stage.run('write', '//*/mailslot/raw', 'as it is');
  assert.equal((await raw.ended).stdout, 'as it is');

  const echo = 'echo "$MAILSLOT_SENDER_VIA $MAILSLOT_SENDER_COMPUTER."';
  const { ended } = await stage.listen('exec', '--remote', 'domain', '--count', '2', '--exec', echo);
  await stage.run('write', 'exec', '');
  await stage.run('write', '//ALPHA/mailslot/exec', '');
  assert.equal((await ended).stdout, 'local .\nloop ALPHA.\n');
});

test('a slot that was not created for others hears this computer only', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage);
  const { ended } = await stage.listen('alerts', '--count', '1');
  assert.equal((await stage.run('write', '//*/mailslot/alerts', 'for others')).code, 0);
  await stage.run('write', 'alerts', 'for this one');
  assert.equal((await ended).stdout, 'for this one\n');
});

test('while it hears no other computers it says so, why, and what to do, in one line', async (t) => {
  const stage = scene(t);
  const { ended } = await stage.listen('alerts', '--remote', 'domain', '--count', '1');
  await stage.run('write', 'alerts', 'local all the same');
  const { code, stdout, stderr } = await ended;
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'local all the same\n' });
  assert.match(
    stderr,
    /^mailslot: the mailslot alerts hears nothing from other computers for now: .*"mailslot key new OFFICE".*\n$/,
  );

  const json = await stage.listen('other', '--remote', 'domain', '--count', '1', '--json');
  await stage.run('write', 'other', '');
  assert.match(JSON.parse((await json.ended).stderr).warning.message, /for now/);
});

test('the same where a redirector runs that is in no domain', async (t) => {
  const stage = scene(t);
  await stage.start('serve', '--loopback').printed('\n');
  const { ended } = await stage.listen('alerts', '--remote', 'domain', '--count', '1');
  await stage.run('write', 'alerts', 'local all the same');
  const { code, stderr } = await ended;
  assert.equal(code, 0);
  assert.match(stderr, /^mailslot: the mailslot alerts hears nothing from .*"mailslot key new OFFICE".*\n$/);
});

test('a scope is a ceiling, of messages and of slots', async (t) => {
  const stage = scene(t);
  await intoDomain('OFFICE', stage);
  await serving(stage, '--computer', 'ALPHA');
  const { ended } = await stage.listen('alerts', '--remote', 'domain', '--scope', 'host', '--count', '1');
  const { code } = await stage.run('write', '--scope', 'host', '//*/mailslot/alerts', 'stays here');
  assert.equal(code, 0);
  assert.equal((await ended).stdout, 'ALPHA\tstays here\n');

  const other = await stage.run('write', '--scope', 'host', '//BRAVO/mailslot/alerts', 'x');
  assert.equal(other.code, 2);
  assert.match(other.stderr, /BRAVO.* is on another computer.*scope "lan" or "site"/);
  const unknown = await stage.run('write', '--scope', 'world', '//*/mailslot/alerts', 'x');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /host, lan, site/);
});

test('another word than none, domain and anyone is refused', async (t) => {
  const { code, stderr } = await scene(t).run('listen', 'a', '--remote', 'all');
  assert.equal(code, 2);
  assert.match(stderr, /none, domain, anyone/);
});
