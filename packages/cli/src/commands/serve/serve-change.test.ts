import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { intoDomain, serving } from '../../testing/domain.js';
import { bin, type Scene, scene } from '../../testing/scene.js';
import { until } from '../../testing/until.js';

// Linux hands multicast on loopback to every process; elsewhere it depends on the machine.
const linux = { skip: process.platform === 'linux' ? false : 'needs multicast on loopback' };
const withHostNames = {
  skip: process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux',
};

test(
  'after a crash serve takes over from a redirector that was started on need, and its slots come along',
  linux,
  async (t) => {
    const stage = scene(t);
    await intoDomain('OFFICE', stage);
    delete stage.env['MAILSLOT_AUTOSTART'];
    const first = await serving(stage, '--computer', 'ALPHA');
    const listening = await stage.listen('l/x', '--remote', 'domain');
    first.child.kill('SIGKILL');
    await first.ended;
    // The slot misses it and starts one, which has none of its options.
    await untilStatus(stage, ({ isOnDemand }) => isOnDemand === true);

    const second = await serving(stage, '--computer', 'ALPHA');
    const status = await untilStatus(stage, () => true);
    assert.deepEqual(
      { pid: status['pid'], isOnDemand: status['isOnDemand'], computer: status['computer'] },
      { pid: second.child.pid, isOnDemand: false, computer: 'ALPHA' },
    );
    // Until the slot is back nobody hears.
    await until(
      async () => {
        await stage.run('write', '//*/mailslot/l/x', 'again');
        return listening.printedLines();
      },
      (seen) => seen.length > 0,
    );

    const third = await stage.run('serve');
    assert.equal(third.code, 1);
    assert.match(
      third.stderr,
      /^mailslot: a redirector already runs in .* \(pid \d+, since 2.*Z\); use that one/,
    );
    assert.ok(third.stderr.includes(`pid ${second.child.pid}`));
    assert.doesNotMatch(third.stderr, /\$/, 'a shell would expand it');
  },
);

test(
  'the host gets another name: this computer is reached by it, and no longer by the old one',
  withHostNames,
  async (t) => {
    const stage = scene(t);
    await intoDomain('OFFICE', stage);
    const host = stage.other('unshare', '--uts', 'sh');
    const call = (name: string): void =>
      void host.child.stdin.write(`echo ${name} > /proc/sys/kernel/hostname\n`);
    call('oldname.example.org');
    host.child.stdin.write(`"${process.execPath}" "${bin}" serve --json < /dev/null &\n`);
    await host.printed('OLDNAME');
    const before = await untilStatus(stage, () => true);
    assert.equal((await stage.run('write', '//OLDNAME/mailslot/none', 'x')).code, 0);
    call('newname.example.org');
    const after = await untilStatus(stage, ({ computer }) => computer === 'NEWNAME');
    assert.equal(after['pid'], before['pid']);
    assert.equal((await stage.run('write', '--wait', '5s', '//NEWNAME/mailslot/none', 'x')).code, 0);
    assert.equal((await stage.run('write', '//OLDNAME/mailslot/none', 'x')).code, 1);
    host.child.stdin.end('kill $!\nwait\n');
    await host.ended;
  },
);

test(
  'a configuration that cannot be used: key new says so, and the redirector goes on with the one before',
  linux,
  async (t) => {
    const stage = scene(t);
    await intoDomain('OFFICE', stage);
    const { child } = await serving(stage);
    const path = stage.env['MAILSLOT_CONFIG'] as string;
    writeFileSync(join(stage.root, 'policy'), 'this is no rule\n', { mode: 0o600 });
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), policy: 'policy' }));
    const { code, stderr } = await stage.run('key', 'new', 'SECOND', '--interface', 'lo');
    assert.equal(code, 1);
    assert.match(stderr, /it is in the configuration, but the redirector that runs did not take it over/);
    const status = await untilStatus(stage, () => true);
    assert.equal(status['pid'], child.pid);
    assert.deepEqual(
      (status['domains'] as { name: string }[]).map(({ name }) => name),
      ['OFFICE'],
    );
  },
);

test(
  'in a root of another user in which no redirector runs, people of this computer reach each other',
  withHostNames,
  async (t) => {
    const { root, other } = scene(t);
    const folder = mkdtempSync('/tmp/mailslot-alone-');
    const USER = 65_141;
    t.after(() => {
      rmSync(folder, { recursive: true });
      rmSync(`/tmp/mailslot-code-${USER}`, { recursive: true, force: true });
    });
    chmodSync(root, 0o1777);
    chownSync(folder, USER, USER);
    for (const part of ['bin', 'dist']) {
      cpSync(join(dirname(dirname(bin)), part), join(folder, 'cli', part), { recursive: true });
    }
    const variables = [
      `MAILSLOT_ROOT=${root}`,
      `HOME=${folder}`,
      `XDG_STATE_HOME=${folder}`,
      `PATH=${process.env['PATH']}`,
    ];
    const program = ['env', '-i', ...variables, process.execPath, join(folder, 'cli/bin/mailslot.cjs')];
    const user = (...words: string[]) =>
      other('setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', ...program, ...words);
    const serving = user('serve', '--page', '--exec', `cat > ${folder}/heard; echo >> ${folder}/heard`);
    await serving.printed('http://127.0.0.1:');
    assert.equal((await user('send', '*', 'lunch').ended).code, 0);
    while (!existsSync(`${folder}/heard`) || readFileSync(`${folder}/heard`, 'utf8') !== 'lunch\n') {
      await new Promise(setImmediate);
    }
    serving.child.kill('SIGTERM');
    assert.match(
      (await serving.ended).stderr,
      /no redirector runs, and it is for the owner of the root to start/,
    );
  },
);

/** Asks again and again, as whoever waits for something would. */
async function untilStatus(
  { run }: Scene,
  isMeant: (status: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const { code, stdout } = await run('status', '--json');
    const status = code === 0 ? JSON.parse(stdout) : undefined;
    if (status !== undefined && isMeant(status)) return status;
  }
  throw new Error('the redirector did not come to that within 20 s');
}
