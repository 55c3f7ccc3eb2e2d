import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { folderName } from '../harness/raw.js';
import { ALICE, as, BOB, publicPrograms, sharedRoot } from '../harness/users.js';
import { needs } from '../support/needs.js';
import type { Agent } from './programs/agent.js';
import type { Intruder } from './programs/intruder.js';

/*
 * A root that is shared. Bob makes of a place of his own, in turn, a dead socket, nothing, and a link to where somebody's
 * living slot is: who clears away what is dead must not be led there.
 */

const SECONDS = 3;

for (const [who, caller, victim] of [
  ["a user's", as(ALICE), as(ALICE)],
  ["root's, another user's", [], as(ALICE)],
  ["root's, root's", [], []],
] as const) {
  proof(
    `whatever a place is turned into meanwhile, ${who} list and create remove no living slot`,
    async (at) => {
      const [root, folder] = [sharedRoot(at), publicPrograms(at)];
      const start = (through: readonly string[]): Promise<Child<Agent>> => at.agent({ folder, through });
      const [owner, user] = await Promise.all([start(victim), start(caller)]);
      const intruder = await at.start<Intruder>('intruder', { folder, through: as(BOB) });
      const slot = await owner.ask('create', 'living', { root, access: 'everyone' });
      const place = `${root}/${await folderName('living')}`;
      const socket = `${place}/${readdirSync(place)[0]}`;

      const ms = SECONDS * 1_000;
      const [flips, rounds] = await Promise.all([
        intruder.ask('flip', `${root}/${await folderName('bait')}`, socket, ms),
        user.ask('listAndCreate', 'bait', root, ms),
      ]);
      assert.ok(flips > 100 && rounds > 10, `${flips} flips, ${rounds} rounds`);
      assert.ok(existsSync(socket), `removed, after at most ${rounds} rounds`);
      await owner.ask('send', 'living', 'still here', { root });
      assert.deepEqual(await owner.ask('readAll', slot), ['still here']);
      return { flips, rounds };
    },
    onLinux,
    needs('root'),
  );
}
