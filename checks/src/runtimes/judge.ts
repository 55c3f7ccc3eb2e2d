import type { KnownFailure } from './known.js';
import type { RuntimeOutcome } from './run-runtime.js';

/** Why the check fails: what failed and is not known to, what is known to and did not, tests that a runtime left out. */
export function complaintsAbout(
  outcomes: readonly RuntimeOutcome[],
  known: readonly KnownFailure[],
): string[] {
  const unexpected = outcomes.flatMap(({ runtime, failures }) =>
    failures
      .filter(({ test }) => reasonOf(known, runtime, test) === undefined)
      .map(({ test, error }) => `${runtime}: ${test}: ${error}`),
  );
  const outlived = known
    .filter(({ runtime, test }) => !outcomes.some((each) => each.runtime === runtime && failsAt(each, test)))
    .map(({ runtime, test }) => `${runtime}: ${test}: is known to fail, and did not`);
  return [...unexpected, ...outlived, ...leftOut(outcomes)];
}

export function reasonOf(known: readonly KnownFailure[], runtime: string, test: string): string | undefined {
  return known.find((each) => each.runtime === runtime && each.test === test)?.reason;
}

function failsAt({ failures }: RuntimeOutcome, test: string): boolean {
  return failures.some((failure) => failure.test === test);
}

/** A runner that does not see a test reports no failure either: all must have seen as many as the one that saw most. */
function leftOut(outcomes: readonly RuntimeOutcome[]): string[] {
  const most = new Map<string, number>();
  for (const { counts } of outcomes)
    for (const [file, count] of counts) most.set(file, Math.max(count, most.get(file) ?? 0));
  return outcomes.flatMap(({ runtime, counts }) =>
    Array.from(counts)
      .filter(([file, count]) => count < most.get(file)!)
      .map(([file, count]) => `${runtime}: ${file}: reported ${count} tests of ${most.get(file)}`),
  );
}
