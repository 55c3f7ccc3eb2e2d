import assert from 'node:assert/strict';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import type { Child } from '../harness/child.js';
import { median, msSince } from '../harness/numbers.js';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Agent } from './programs/agent.js';
import { sizes } from './sizes.js';

const NAME = 'race/prize';

proof(
  'of 32 processes that race for a name over what a kill -9 left, exactly one wins',
  async (at) => {
    const bystander = await at.agent();
    await bystander.ask('create', 'bystander', { root: at.root });
    const untouched = snapshot(at.root);
    const racers = await Promise.all(Array.from({ length: sizes.racers }, () => at.agent()));
    const judge = await at.agent();
    const overlaps: number[] = [];
    const start = performance.now();
    for (let round = 0; round < sizes.rounds; round += 1) {
      const { winner, overlap } = await race(racers, at.root);
      overlaps.push(overlap);
      await proveOwner(judge, racers[winner.place] as Child<Agent>, winner.slot, at.root);
      const files = snapshot(at.root);
      assert.equal(files.length, untouched.length + 2, `nothing is left of the losers: ${files.join(' ')}`);
      for (const file of untouched) assert.ok(files.includes(file), `${file} was removed`);
      await (racers[winner.place] as Child<Agent>).kill();
      assert.deepEqual(snapshot(at.root), files, 'the killed winner left its socket');
      racers[winner.place] = await at.agent();
    }
    return {
      processes: sizes.racers,
      rounds: sizes.rounds,
      winnersEachRound: 1,
      claimsAtOnce: { median: median(overlaps), most: Math.max(...overlaps) },
      ms: msSince(start),
    };
  },
  onUnix,
);

proof(
  'a creator killed at any moment hinders nobody, and its half-made slot is swept',
  async (at) => {
    const successor = await at.agent();
    const halfMade: string[] = [];
    let createdBefore = 0;
    for (let victim = 0; victim < sizes.killedCreators; victim += 1) {
      const creator = await at.agent();
      const created = creator.ask('create', NAME, { root: at.root }).then(
        () => true,
        () => false,
      );
      // A different moment each time: it takes some milliseconds to hear of it and to create.
      const moment = performance.now() + (victim / sizes.killedCreators) * 10;
      while (performance.now() < moment);
      await creator.kill();
      if (await created) createdBefore += 1;
      const slot = await successor.ask('create', NAME, { root: at.root });
      halfMade.push(...readdirSync(at.root).filter((entry) => entry.startsWith('.new-')));
      await successor.ask('close', slot);
    }
    const longAgo = Date.now() / 1000 - 3600;
    for (const entry of readdirSync(at.root)) utimesSync(`${at.root}/${entry}`, longAgo, longAgo);
    const sweeper = await at.agent();
    await sweeper.ask('close', await sweeper.ask('create', 'another', { root: at.root }));
    assert.deepEqual(readdirSync(at.root), [], 'what was half-made is gone');
    return { killed: sizes.killedCreators, createdBefore, leftHalfMade: new Set(halfMade).size };
  },
  onUnix,
);

interface Outcome {
  readonly winner: { readonly place: number; readonly slot: number };
  /** The most claims that were under way at one moment. */
  readonly overlap: number;
}

async function race(racers: readonly Child<Agent>[], root: string): Promise<Outcome> {
  const claims = await Promise.all(racers.map((racer) => racer.ask('claim', NAME, { root })));
  const winners = claims.flatMap(({ slot }, place) => (slot === undefined ? [] : [{ place, slot }]));
  assert.equal(winners.length, 1, `${winners.length} winners`);
  const losers = claims.flatMap(({ code }) => code ?? []);
  assert.deepEqual(losers, Array(racers.length - 1).fill('ERR_MAILSLOT_ALREADY_EXISTS'));
  const underWay = claims.map(({ from }) => claims.filter((c) => c.from <= from && c.to >= from).length);
  return { winner: winners[0] as Outcome['winner'], overlap: Math.max(...underWay) };
}

/** The winner is who is found under the name, and gets what is written to it. */
async function proveOwner(
  judge: Child<Agent>,
  winner: Child<Agent>,
  slot: number,
  root: string,
): Promise<void> {
  const client = await judge.ask('open', NAME, { root });
  assert.equal((await judge.ask('client', client)).info.pid, winner.pid);
  await judge.ask('write', client, 'yours');
  await judge.ask('close', client);
  assert.equal(await winner.ask('read', slot), 'yours');
}

/** Every folder and socket, with its inode: a file that was removed and made again is another one. */
function snapshot(root: string): string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return paths.map((path) => `${path} ${statSync(`${root}/${path}`).ino}`).sort();
}
