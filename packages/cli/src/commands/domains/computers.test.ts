import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComputerEntry, ComputerEvent } from 'mailslot';
import { formatAge } from '../../terminal/duration.js';
import { scene } from '../../testing/scene.js';
import { changeRecord, computerRecord, computers, computerTable } from './computers-actions.js';

const NOW = 1_800_000_000_000;

const bravo: ComputerEntry = {
  name: 'BRAVO\x1b[31m',
  domain: 'OFFICE',
  transports: ['lan'],
  addresses: ['10.0.0.2:5', '[fe80::1%eth0]:6'],
  instances: 1,
  since: NOW - 7_200_000,
  lastSeen: NOW - 3000,
  offers: ['messenger'],
  state: 'here',
  conflict: undefined,
};

test('a table of computers, with what others say escaped', () => {
  const table = computerTable([bravo], NOW).split('\n');
  assert.match(String(table[0]), /^NAME +DOMAIN +STATE +BY +ADDRESS +SINCE +SEEN +OFFERS$/);
  assert.match(
    String(table[1]),
    /^BRAVO\\x1b\[31m +OFFICE +here +lan +10\.0\.0\.2:5 \[fe80::1%eth0\]:6 +2h +3s +messenger$/,
  );
});

test('all ways to a computer are shown, the one that is used first', () => {
  assert.match(computerTable([{ ...bravo, transports: ['lan', 'nats'] }], NOW), / here +lan nats +10/);
});

test('who has to share a name is told below it', () => {
  const conflict = ['', '10.0.0.9:1'].map((address) => ({ instance: '', address, since: NOW }));
  const table = computerTable([{ ...bravo, name: 'B', conflict }], NOW);
  assert.match(
    table,
    /\nseveral machines of OFFICE use the name B: this computer, 10\.0\.0\.9:1; give .*\n$/,
  );
});

test('times are ISO 8601 in JSON, and a change has its word in front', () => {
  assert.equal(computerRecord(bravo)['since'], new Date(NOW - 7_200_000).toISOString());
  assert.equal(computerRecord(bravo)['conflict'], null);
  assert.equal(Object.keys(changeRecord({ change: 'gone', computer: bravo }))[0], 'change');
});

test('ages are short', () => {
  const ages = [-5, 0, 119_000, 120_000, 7_199_000, 7_200_000, 172_800_000];
  assert.deepEqual(ages.map(formatAge), ['0s', '0s', '119s', '2m', '119m', '2h', '2d']);
});

test('in no domain: exit code 1 and the next step', async (t) => {
  const { code, stderr } = await scene(t).run('computers', '--json');
  assert.equal(code, 1);
  const { error } = JSON.parse(stderr);
  assert.equal(error.code, 'ERR_MAILSLOT_REMOTE_DISABLED');
  assert.match(error.message, /mailslot key new/);
});

test('in no domain the same is said by a redirector that runs', async (t) => {
  const stage = scene(t);
  const serving = stage.start('serve', '--loopback');
  await serving.printed('\n');
  for (const words of [['computers'], ['computers', '--watch']]) {
    const { code, stdout, stderr } = await stage.run(...words);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /this computer is in no domain.*mailslot key new/);
  }
});

test('what the list has shown is not told again as a change', async (t) => {
  const happened = (change: ComputerEvent['change'], state: ComputerEntry['state']): ComputerEvent => {
    return { change, computer: { ...bravo, name: 'B', state } };
  };
  const events = [happened('appeared', 'here'), happened('silent', 'silent'), happened('returned', 'here')];
  const source = {
    list: async () => [{ ...bravo, name: 'B' }],
    async *watch() {
      yield* events;
    },
  };
  const printed: string[] = [];
  t.mock.method(process.stdout, 'write', (chunk: string, done: () => void) => {
    printed.push(chunk);
    done();
    return true;
  });
  await computers({ watch: true, json: true }, source);
  t.mock.restoreAll();
  const records = printed.join('').trim().split('\n');
  assert.deepEqual(
    records.map((line) => JSON.parse(line).change),
    [undefined, 'silent', 'returned'],
  );
});
