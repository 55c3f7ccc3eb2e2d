import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { atMost, type Outcome, type Target } from '../report/outcome.js';
import { figure } from '../report/text.js';

/** Whole processes of the CLI against an empty one; measured by a program of its own. */
export async function starting(): Promise<Outcome> {
  const script = fileURLToPath(new URL('../start-up.js', import.meta.url));
  const child = spawn(process.execPath, [script, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const found = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pick<Target, 'case' | 'ratio' | 'target'>);
  const rows = found.map(({ case: name, ratio }) => [name.replace('start-up: ', 'mailslot '), figure(ratio)]);
  return {
    tables: [{ title: 'Whole processes', columns: ['command', '/ `node -e 0`'], rows }],
    targets: found.map(({ case: name, ratio, target }) => atMost(`${name} / node -e 0`, ratio, target)),
    charts: [],
  };
}
