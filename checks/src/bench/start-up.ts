// What a command costs a shell: the time of the whole process, as a multiple of `node -e 0` in the same run.
//
//     node checks/dist/bench/start-up.js [--json]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openMailslot } from 'mailslot';
import { inRepo } from '../support/repo.js';

const ROUNDS = 20;
const SLOT = 'bench/start-up';

const mailslot = inRepo('packages/cli/bin/mailslot.cjs');
const cases = [
  { name: 'write', words: ['write', SLOT, 'hello'], target: 1.3 },
  { name: 'list', words: ['list'], target: 1.5 },
  { name: 'list --json', words: ['list', '--json'], target: 1.5 },
  { name: 'info', words: ['info', SLOT], target: 1.5 },
  { name: '--help', words: ['--help'], target: 1.5 },
].map((each) => ({ ...each, times: [] as number[] }));
const bare: number[] = [];

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const root = mkdtempSync(join(tmpdir(), 'mailslot-bench-'));
// With NODE_EXTRA_CA_CERTS Node reads certificates at every start, which hides what is measured.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
const env = { ...environment, MAILSLOT_ROOT: root };
const server = spawn(process.execPath, [mailslot, 'listen', SLOT], { env, stdio: 'ignore' });
try {
  await (await openMailslot(SLOT, { root, wait: 20_000 })).close();
  await measure();
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(root, { recursive: true });
}
report();

/** One of each in turn, so that whatever else the machine does meets all of them; the first round is not counted. */
async function measure(): Promise<void> {
  for (let round = 0; round <= ROUNDS; round += 1) {
    const base = await timeOf('-e', '0');
    if (round > 0) bare.push(base);
    for (const { words, times } of cases) {
      const time = await timeOf(mailslot, ...words);
      if (round > 0) times.push(time);
    }
  }
}

async function timeOf(...args: string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [code] = await once(child, 'exit');
  const time = performance.now() - start;
  if (code !== 0) throw new Error(`node ${args.join(' ')} failed with exit code ${code}`);
  return time;
}

function report(): void {
  const base = median(bare);
  for (const { name, times, target } of cases) {
    const ratio = Number((median(times) / base).toFixed(3));
    const met = ratio <= target;
    if (!met) process.exitCode = 1;
    const text = `${name.padEnd(12)} ${ratio.toFixed(2)} × node -e 0, target ${target}: ${met ? 'met' : 'missed'}`;
    console.log(values.json ? JSON.stringify({ case: `start-up: ${name}`, ratio, target, met }) : text);
  }
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
