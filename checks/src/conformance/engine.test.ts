import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { type Case, differs, holds, notApplicable } from './cases.js';
import type { Check } from './check.js';
import { runGroups, type Verdict } from './engine.js';
import { FORMS } from './forms.js';
import { type Dimension, group } from './group.js';
import { SUCCESS } from './outcome.js';
import type { Scene } from './scene.js';
import { localHost } from './server.js';

const cases = {
  A1: holds('–', 'this', 'is so'),
  A2: differs('–', 'this', 'is so', 'because'),
  A3: notApplicable('–', 'this', 'is so', { reason: 'nothing of the kind', unless: /^telepathy$/ }),
};

type Program = (check: Check<typeof cases>, scene: Scene) => Promise<void> | void;

/** What comes of the three cases, as `holds differs n/a`, or the reason of each that fails. */
async function verdictOf(
  t: TestContext,
  program: Program,
  surface: readonly string[] = [],
): Promise<string[]> {
  const verdicts = await judge(t, ['process'], program, surface);
  return verdicts.map(({ state, reason }) => (state === 'fails' ? (reason as string) : state));
}

function judge(
  t: TestContext,
  varies: readonly Dimension[],
  program: Program,
  surface: readonly string[] = [],
): Promise<Verdict[]> {
  const tried = group({ varies, cases, run: async (scene, check) => program(check, scene) });
  const place = { hostOf: () => localHost, forms: FORMS, folder: temporaryFolder(t), surface, groupMs: 50 };
  return runGroups([tried], place);
}

const sound = (check: Check<typeof cases>): void => {
  check.is('A1', [1], [1]);
  check.differs('A2', 'ours', { ours: 'ours', windows: ['theirs'] });
  check.probe('A3', false);
};

test('what is marked right has the state it is marked with', async (t) => {
  assert.deepEqual(await verdictOf(t, sound, ['read', 'telepathyOff']), ['holds', 'differs', 'n/a']);
});

test("an assertion that is false, or that turned Windows', fails", async (t) => {
  const wrong: Program = (check) => {
    check.is('A1', [1], [2]);
    check.differs('A2', 'theirs', { ours: 'ours', windows: ['theirs'] });
    check.probe('A3', true);
  };
  const [one, two, three] = await verdictOf(t, wrong);
  assert.match(one!, /^saw 1, not 2 .*and 1 more/);
  assert.match(two!, /^would hold now/);
  assert.match(three!, /^would apply now/);
});

test('what is neither ours nor theirs fails', async (t) => {
  const neither: Program = (check) => {
    check.differs('A2', 'third', { ours: 'ours', windows: ['theirs'] });
    sound(check);
  };
  assert.match((await verdictOf(t, neither))[1]!, /^saw "third", not "ours"/);
});

test('a name in the public API that would make a case applicable fails it', async (t) => {
  assert.match((await verdictOf(t, sound, ['telepathy']))[2]!, /^would apply now/);
});

test('a case that fails in one form only fails', async (t) => {
  const moody: Program = (check, scene) => {
    check.is('A1', scene.form.process, 'one process');
    sound(check);
  };
  assert.match((await verdictOf(t, moody))[0]!, /\(two processes, write, readInto\)$/);
});

test('what was not checked fails', async (t) => {
  const [one, two, three] = await verdictOf(t, () => {});
  assert.match(one!, /^was not checked/);
  assert.match(two!, /^was not checked/);
  assert.equal(three, 'n/a');
});

test('an error fails what was not checked before it, or else all', async (t) => {
  const early: Program = (check) => {
    check.is('A1', 1, 1);
    throw new Error('halfway');
  };
  const [before, after] = await verdictOf(t, early);
  assert.equal(before, 'holds');
  assert.match(after!, /^Error: halfway/);
  const late: Program = (check) => {
    sound(check);
    throw new Error('at last');
  };
  for (const state of await verdictOf(t, late)) assert.match(state, /^Error: at last/);
});

test('a program that hangs fails', async (t) => {
  assert.match((await verdictOf(t, () => new Promise<void>(() => {})))[0]!, /not done in 50 ms/);
});

test('a call fails as Windows means it only by an error of the mailslot', async (t) => {
  const codes = { 121: 'holds', 0: 'succeeded', TypeError: 'a text' };
  for (const [code, expected] of Object.entries(codes)) {
    const outcome = { code: code === 'TypeError' ? code : Number(code), text: 'a text' };
    const [state] = await verdictOf(t, (check) => check.fails('A1', outcome));
    assert.ok(state!.startsWith(expected), `${code}: ${state}`);
  }
  assert.equal((await verdictOf(t, (check) => check.succeeds('A1', SUCCESS)))[0], 'holds');
  assert.match(
    (await verdictOf(t, (check) => check.succeeds('A1', { code: 5, text: 'no' })))[0]!,
    /^failed with 5/,
  );
});

test('a group is gone through once for each form that makes a difference', async (t) => {
  const countOf = async (...varies: Dimension[]): Promise<number> => {
    let count = 0;
    await judge(t, varies, () => {
      count += 1;
    });
    return count;
  };
  assert.deepEqual(
    [
      await countOf(),
      await countOf('process'),
      await countOf('write', 'read'),
      await countOf('process', 'write', 'read'),
    ],
    [1, 2, 24, 48],
  );
});

test('a check that does not fit its case does not compile', () => {
  const fits = (check: Check<Record<'A1', Case & { state: 'holds' }>>): void => {
    // @ts-expect-error A1 is marked as one that holds
    check.probe('A1', false);
    // @ts-expect-error there is no A9
    check.succeeds('A9');
  };
  assert.equal(typeof fits, 'function');
});
