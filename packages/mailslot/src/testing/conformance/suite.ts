import { test } from 'node:test';
import { Bench } from './bench.js';
import { boundsCases } from './bounds.js';
import type { ConformanceCase } from './case.js';
import { deliveryCases } from './delivery.js';
import { lifeCases } from './life.js';
import type { Medium } from './medium.js';

/** What the interface `Transport` promises, case by case. */
export const conformanceCases: readonly ConformanceCase[] = [...deliveryCases, ...boundsCases, ...lifeCases];

/** Runs one case on a medium of its own. Rejects with an AssertionError that says what was not kept. */
export async function runConformanceCase(
  { run }: ConformanceCase,
  makeMedium: () => Medium | Promise<Medium>,
): Promise<void> {
  const bench = new Bench(await makeMedium());
  try {
    await run(bench);
    await bench.finish();
  } finally {
    await bench.abandon();
  }
}

/**
 * Registers a test for everything that a transport promises (`node:test`). Each runs on a medium of its own.
 *
 * ```ts
 * transportConformance('simulated', () => {
 *   const clock = new VirtualClock();
 *   const network = new SimulatedNetwork({ clock, seed: 1 });
 *   return {
 *     transport: (domain, computer) => network.transport({ domain, computer }),
 *     settle: () => clock.pass(100),
 *   };
 * });
 * ```
 */
export function transportConformance(name: string, makeMedium: () => Medium | Promise<Medium>): void {
  for (const each of conformanceCases)
    test(`${name}: ${each.title}`, () => runConformanceCase(each, makeMedium));
}
