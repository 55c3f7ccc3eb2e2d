// `npm run fuzz -- [--runs N] [--seed S] [--target NAME] [--canary]`: everything that takes bytes from strangers against
// valid, mutated and random input. Each must return or throw a MailslotError, in bounded time and memory. What fails
// is printed with its seed, which `--target NAME --seed S --runs 1` repeats, and its input. All runs are shared among
// the targets, or go to one: ten million datagrams are `--target lan --runs 10000000`. A run of `api` is a hundred random
// calls of a slot and its clients against a model: 100,000 are `--target api --runs 1000`.
import { parseArgs } from 'node:util';
import { api } from './api/api.js';
import { decoders } from './decoders.js';
import { diceOf } from './dice.js';
import { discovery } from './discovery.js';
import { lan } from './lan.js';
import { lines } from './lines.js';
import { messenger } from './messenger.js';
import { names } from './names.js';
import { settings } from './settings.js';
import type { Target } from './target.js';
import { traffic } from './traffic.js';

const DEFAULT_RUNS = 200_000;
/** One input takes less than a millisecond; a machine may be busy. */
const INPUT_MS_MAX = 2_000;
const SHOWN_DIGITS = 2_000;
const GROWTH_BYTES_MAX = 300 * 2 ** 20;
/** To look at the memory takes as long as several inputs. */
const RUNS_PER_LOOK = 64;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: String(DEFAULT_RUNS) },
    seed: { type: 'string', default: String(Date.now() >>> 0) },
    target: { type: 'string' },
    canary: { type: 'boolean', default: false },
  },
});

/** What a decoder does that was forgotten to check its input. */
const canary: Target = {
  name: 'canary',
  share: 1,
  make: (dice) => Buffer.from([dice(100)]),
  check(input) {
    if (input[0] === 42) (undefined as unknown as Buffer).readUInt8();
  },
};

const all = values.canary
  ? [canary]
  : [...decoders, names, traffic, ...lan, ...discovery, ...lines, ...settings, ...messenger, api];
const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) throw new Error(`targets are ${all.map(({ name }) => name).join(', ')}`);

const seed = Number(values.seed);
const shares = targets.reduce((sum, { share }) => sum + share, 0);
for (const target of targets) {
  const runs = Math.ceil((Number(values.runs) * target.share) / shares);
  if (!(await fuzz(target, runs))) process.exit(1);
}

async function fuzz(target: Target, runs: number): Promise<boolean> {
  const start = performance.now();
  const memory = process.memoryUsage.rss();
  for (let run = 0; run < runs; run += 1) {
    const answer = complaintAbout(target, seed + run);
    // Ten million times: waiting for nothing costs as much as a cheap check.
    const complaint = answer instanceof Promise ? await answer : answer;
    if (complaint !== undefined) return complain(target, seed + run, complaint);
    if (run % RUNS_PER_LOOK !== 0) continue;
    const growth = process.memoryUsage.rss() - memory;
    if (growth <= GROWTH_BYTES_MAX) continue;
    const first = Math.max(0, run + 1 - RUNS_PER_LOOK);
    return complain(target, seed + first, `memory grew by ${growth} bytes, up to --seed ${seed + run}`);
  }
  const perSecond = Math.round((runs * 1000) / (performance.now() - start));
  console.log(JSON.stringify({ fuzz: target.name, ok: true, seed, runs, perSecond }));
  return true;
}

function complain(target: Target, itsSeed: number, error: string): false {
  const input = shown(target.make(diceOf(itsSeed)).toString('hex'));
  console.log(JSON.stringify({ fuzz: target.name, ok: false, seed: itsSeed, input, error }));
  return false;
}

function complaintAbout(target: Target, itsSeed: number): string | undefined | Promise<string | undefined> {
  const dice = diceOf(itsSeed);
  const input = target.make(dice);
  const start = performance.now();
  try {
    const checked = target.check(input, dice);
    return checked instanceof Promise
      ? checked.then(() => slownessSince(start, target), stackOf)
      : slownessSince(start, target);
  } catch (error) {
    return stackOf(error);
  }
}

function slownessSince(start: number, { inputMs = INPUT_MS_MAX }: Target): string | undefined {
  const ms = performance.now() - start;
  return ms > inputMs ? `it took ${ms} ms` : undefined;
}

function stackOf(error: unknown): string | undefined {
  return (error as Error).stack;
}

/** The seed makes the input again; of a long one the beginning is enough to look at. */
function shown(hex: string): string {
  return hex.length <= SHOWN_DIGITS ? hex : `${hex.slice(0, SHOWN_DIGITS)}… (${hex.length / 2} bytes)`;
}
