// `npm run chaos -- [local] [domain] [--events N] [--seed S]`: processes under load are killed, ended and stopped at
// random moments, N times in each part. Nothing that was acknowledged may be lost but with the queue of a killed server,
// nothing may come twice, on one computer the messages of a writer must be in order, and no descriptor may stay open. One
// line of JSON a part. `--seed S` draws the same events again; when exactly they hit is up to the machine.
import { parseArgs } from 'node:util';
import { diceOf } from '../fuzz/dice.js';
import { makeScene } from '../harness/scene.js';
import { missingOf } from '../support/needs.js';
import { domain } from './domain.js';
import { local } from './local.js';
import type { Part } from './part.js';

const parts = [local, domain];
const DEFAULT_EVENTS = '100';
const SHOWN_COMPLAINTS = 10;

const { values, positionals } = parseArgs({
  options: {
    events: { type: 'string', default: DEFAULT_EVENTS },
    seed: { type: 'string', default: String(Date.now() >>> 0) },
  },
  allowPositionals: true,
});

const events = wholeNumber(values.events);
const seed = wholeNumber(values.seed);
for (const name of positionals) {
  if (!parts.some((part) => part.name === name))
    throw new RangeError(`parts are ${parts.map((part) => part.name).join(', ')}, not ${name}`);
}
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part.name)) continue;
  if (!(await isSound(part))) process.exitCode = 1;
}

async function isSound(part: Part): Promise<boolean> {
  const missing = missingOf(part.needs);
  if (process.platform === 'win32' || missing.length > 0) {
    const reason = missing.length > 0 ? `needs ${missing.join(', ')}` : 'needs signals';
    console.error(`not shown: chaos ${part.name}: ${reason}`);
    return process.env['CI'] !== 'true' || process.platform !== 'linux';
  }
  const { scene, clear } = makeScene();
  const report = (ok: boolean, more: object): boolean => {
    console.log(JSON.stringify({ chaos: part.name, ok, seed, events, ...more }));
    return ok;
  };
  try {
    const { complaints, numbers } = await part.run(scene, events, diceOf(seed));
    const shown = complaints.slice(0, SHOWN_COMPLAINTS);
    if (shown.length > 0)
      console.error(`again: npm run chaos -- ${part.name} --events ${events} --seed ${seed}`);
    return report(complaints.length === 0, { ...numbers, ...(shown.length > 0 && { complaints: shown }) });
  } catch (error) {
    return report(false, { complaints: [(error as Error).stack] });
  } finally {
    await clear();
  }
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${text} is no whole number from 0`);
  return number;
}
