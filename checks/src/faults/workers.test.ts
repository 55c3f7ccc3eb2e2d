import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { run } from '../harness/child.js';
import { proof } from '../harness/proof.js';
import type { Member } from './programs/family.js';

const COUNT = 4;

for (const kind of ['cluster', 'threads'] as const) {
  proof(
    `${kind}: one of the members owns a name, each writes to all and owns a name of its own`,
    async ({ root }) => {
      const { code, stdout, stderr } = await run('family', { args: [kind, String(COUNT), root] });
      assert.equal(code, 0, stderr);
      assert.equal(stderr, '');
      const members = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Member);
      const prizes = members.map(({ prize }) => prize).sort();
      assert.deepEqual(prizes, [...Array(COUNT - 1).fill('ERR_MAILSLOT_ALREADY_EXISTS'), 'owner']);
      const everyone = Array.from({ length: COUNT }, (_, member) => `from ${member}`);
      for (const { received } of members) assert.deepEqual(received, everyone);
      if (process.platform !== 'win32') assert.deepEqual(readdirSync(root), []);
      return { members: members.length, owners: 1, messages: COUNT * COUNT };
    },
  );
}
