import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const WORKSPACES = ['packages/mailslot', 'packages/nats', 'packages/web', 'packages/cli', 'checks'];

const root = fileURLToPath(new URL('..', import.meta.url));

export const rootPath = (...parts) => join(root, ...parts);

/** Ends with 1 where what a build makes cannot be put: in another user's clone, or on a file system that is read-only. */
export function refuseUnlessWritable() {
  const places = ['', 'node_modules', ...WORKSPACES.map((workspace) => join(workspace, 'dist'))];
  const closed = places.map((place) => join(root, place)).find((path) => !isWritable(path));
  if (closed === undefined) return;
  const { uid } = statSync(closed);
  const why =
    uid === process.geteuid?.() || process.platform === 'win32'
      ? 'it cannot be written to'
      : `it belongs to uid ${uid}`;
  console.error(
    `this clone has to be built, and nothing can be put into ${closed}: ${why}. ` +
      `Build it as the user whose it is ("npm run build"), or take a clone of your own: git clone "${root}"`,
  );
  process.exit(1);
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    // What is not there yet will be made.
    return error.code === 'ENOENT';
  }
}

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
