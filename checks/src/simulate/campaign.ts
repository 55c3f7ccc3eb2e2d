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
  const sums: Record<string, number> = {};
  let [done, failed] = [0, 0];
  const took = (outcome: Outcome): void => {
    done += 1;
    for (const [name, count] of Object.entries(outcome.counts)) sums[name] = (sums[name] ?? 0) + count;
    if (outcome.violation !== undefined) failed += 1;
    progress.show(`${done} of ${seeds} seeds`);
    if (json || outcome.violation !== undefined || seeds === 1) tell(outcome, options);
  };
  let next = first;
  const take = (): number | undefined => {
    if (failed > 0 || next === first + seeds) return undefined;
    next += 1;
    return next - 1;
  };
  const threads = Math.max(1, Math.min(availableParallelism(), seeds));
  await Promise.all(Array.from({ length: threads }, () => work(options, take, took)));
  progress.end();
  const total = { seeds: done, failed, first, computers, ...sums };
  if (json) console.log(JSON.stringify({ simulate: 'all', ok: failed === 0, ...total }));
  else if (seeds > 1) console.log(summary(total));
  return failed === 0;
}

/** One thread, which plays one seed after the other. */
function work(
  { computers, isThorough }: CampaignOptions,
  take: () => number | undefined,
  took: (outcome: Outcome) => void,
): Promise<void> {
  const program = new URL('./programs/worker.js', import.meta.url);
  const worker = new Worker(program, { workerData: { computers, isThorough } });
  return new Promise((resolve, reject) => {
    const goOn = (): void => {
      const seed = take();
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

function summary(total: Readonly<Record<string, number>>): string {
  const lines = Object.entries(total).map(([name, count]) => {
    return name.padEnd(14) + count.toLocaleString('en-US').padStart(14);
  });
  return lines.join('\n');
}
