import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Progress } from './progress.js';
import type { Outcome } from './run.js';

export interface CampaignOptions {
  readonly first: number;
  readonly seeds: number;
  readonly computers: number;
  readonly isThorough: boolean;
  readonly json: boolean;
}

/** Plays all seeds, as many at a time as there are processors, until one fails. Whether none did. */
export async function campaign(options: CampaignOptions): Promise<boolean> {
  const { first, seeds, computers, json } = options;
  const progress = new Progress('simulate');
  const sums = new Map<string, number>();
  let [next, done, failed] = [first, 0, 0];
  const took = (outcome: Outcome): void => {
    done += 1;
    for (const [name, count] of Object.entries(outcome.counts)) sums.set(name, (sums.get(name) ?? 0) + count);
    if (outcome.violation !== undefined) {
      failed += 1;
      next = first + seeds;
    }
    progress.show(`${done} of ${seeds} seeds`);
    if (json || outcome.violation !== undefined || seeds === 1) tell(outcome, options);
  };
  const workers = Math.max(1, Math.min(availableParallelism(), seeds));
  const next1 = (): number | undefined => (next < first + seeds ? next++ : undefined);
  await Promise.all(Array.from({ length: workers }, () => work(options, next1, took)));
  progress.end();
  const total = { ok: failed === 0, seeds: done, failed, first, computers, ...Object.fromEntries(sums) };
  if (json) console.log(JSON.stringify({ simulate: 'all', ...total }));
  else if (seeds > 1) console.log(summary(total));
  return failed === 0;
}

/** One thread, which plays one seed after the other. */
function work(
  { computers, isThorough }: CampaignOptions,
  next: () => number | undefined,
  took: (outcome: Outcome) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { computers, isThorough },
  });
  return new Promise((resolve, reject) => {
    const goOn = (): void => {
      const seed = next();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on('message', (outcome: Outcome) => {
      took(outcome);
      goOn();
    });
    worker.on('error', reject);
    goOn();
  });
}

function tell({ seed, history, violation, counts }: Outcome, { computers, json }: CampaignOptions): void {
  const ok = violation === undefined;
  if (json)
    console.log(JSON.stringify({ simulate: 'seed', ok, seed, computers, history, violation, ...counts }));
  else if (ok) console.log(`seed ${seed}, ${computers} computers: nothing wrong, history ${history}`);
  else {
    console.log(`seed ${seed}, ${computers} computers: ${violation}`);
    console.log(
      `history ${history}; again with: npm run simulate -- --seed ${seed} --computers ${computers}`,
    );
  }
}

function summary(total: Readonly<Record<string, number | boolean>>): string {
  const lines = Object.entries(total).map(([name, value]) => {
    return `${name.padEnd(14)}${value.toLocaleString('en-US').padStart(14)}`;
  });
  return lines.join('\n');
}
