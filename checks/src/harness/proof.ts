import { type TestContext, test } from 'node:test';
import { makeScene, type Scene } from './scene.js';

/** What a proof says in numbers. */
type Numbers = Readonly<Record<string, unknown>>;

interface Skip {
  readonly skip: string | false;
}

const LIMIT_MS = 240_000;

/**
 * A test with real processes. It runs in a scene of its own, which is gone afterwards, within four minutes, and
 * returns what it measured, which `main.ts` prints as one line of JSON.
 */
export function proof(
  says: string,
  body: (at: Scene, t: TestContext) => Promise<Numbers>,
  ...needs: readonly Skip[]
): void {
  const skip = needs.find((need) => need.skip !== false)?.skip ?? false;
  void test(says, { skip, timeout: LIMIT_MS }, async (t) => {
    const { scene, clear } = makeScene();
    t.after(clear);
    const numbers = await body(scene, t);
    t.diagnostic(JSON.stringify({ proof: says, ok: true, ...numbers }));
  });
}
