import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { groupMark, inGroup, killGroup } from '../support/group.js';
import { type Flood, type Flooded, SECONDS_VARIABLE } from './flood.js';

const ONE_FLOOD = fileURLToPath(new URL('programs/one.js', import.meta.url));
/** What a flood may take beside its attack. */
const GRACE_MS = 60_000;

/** Runs a flood in a process of its own, so that its memory is its own, and a flood that hangs is one that failed. */
export async function runInProcess({ resource, attacker }: Flood, seconds: number): Promise<Flooded> {
  const env = { ...process.env, ...groupMark, [SECONDS_VARIABLE]: String(seconds) };
  // What is flooded warns, as it shall, and a table is printed meanwhile.
  const flags = ['--expose-gc', '--disable-warning=MailslotWarning'];
  const child = spawn(process.execPath, [...flags, ONE_FLOOD, resource, attacker], {
    ...inGroup(),
    env,
    // It ends with its input, so that no attack goes on when whoever wanted it was killed.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => killGroup(child.pid), seconds * 1_000 + GRACE_MS);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  if (code === 0) return judged(JSON.parse(line) as Flooded);
  return { bound: 0, peak: 0, unit: '', ok: false, note: `it ended with ${code ?? signal}` };
}

/** Whoever forgets to compare is not believed. */
function judged(flooded: Flooded): Flooded {
  return { ...flooded, ok: flooded.ok && flooded.peak <= flooded.bound };
}
