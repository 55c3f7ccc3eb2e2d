import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export const rootPath = (...parts) => join(root, ...parts);

/** No step takes that long: one that hangs is one that failed. */
const TIME_LIMIT_MS = 15 * 60_000;

/** Runs a script of Node on this terminal; true if it ended with 0 in time. */
export function node(script, ...args) {
  const options = { cwd: root, stdio: 'inherit', timeout: TIME_LIMIT_MS };
  return spawnSync(process.execPath, [script, ...args], options).status === 0;
}

/** Becomes that program, in this very process: terminal, signals and exit code are its own. */
export async function become(script, ...args) {
  process.argv.splice(1, Infinity, rootPath(script), ...args);
  await import(pathToFileURL(rootPath(script)).href);
}

/**
 * Runs a shell command without a word, unless it takes longer than a second (one line on stderr says what is going
 * on) or fails (then its output is shown). True if it ended with 0.
 */
export async function quietly(what, command) {
  const child = spawn(command, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const slow = setTimeout(() => console.error(`${what} …`), 1000);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(slow);
  if (code !== 0) console.error(`${Buffer.concat(output)}${what}: \`${command}\` failed`);
  return code === 0;
}
