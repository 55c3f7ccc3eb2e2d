import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../support/program.js';
import { inRepo } from '../support/repo.js';
import { type Ran, runTestFile } from '../support/run-test-file.js';
import type { Canary } from './canary.js';

const workspaces = {
  mailslot: 'packages/mailslot',
  '@mailslot/nats': 'packages/nats',
  '@mailslot/cli': 'packages/cli',
  '@mailslot/web': 'packages/web',
  '@mailslot/checks': 'checks',
};

/** What tests compare the built code with, and what builds and packs it. */
const compared = ['docs', 'README.md', 'LICENSE', 'package.json', 'scripts'];

/** What only the bench and the check of the runtimes have installed: large, and no test needs it. */
const HEAVY = /[\\/]checks[\\/](bench-peers[\\/]node_modules|\.runtimes)$/;

/** How long a test may take, if nothing else is known of it. */
const TIME_LIMIT_MS = 180_000;

/** Copies the built workspaces, so that nothing planted can touch them; what they depend on is linked. */
export function copyBuild(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@mailslot'), { recursive: true });
  for (const name of readdirSync(inRepo('node_modules'))) {
    if (name !== 'mailslot' && name !== '@mailslot' && !name.startsWith('.'))
      link(inRepo('node_modules', name), folder, name);
  }
  for (const [name, path] of Object.entries(workspaces)) {
    const filter = (source: string): boolean => !HEAVY.test(source);
    cpSync(inRepo(path), join(folder, path), { recursive: true, filter });
    link(join(folder, path), folder, name);
  }
  for (const path of compared) cpSync(inRepo(path), join(folder, path), { recursive: true });
}

/** Runs the canary's test in that copy as it stands. One that takes longer than the limit does not pass. */
export function runIn(
  folder: string,
  { test, pattern }: Canary,
  timeLimitMs: number = TIME_LIMIT_MS,
): Promise<Ran> {
  const only = pattern === undefined ? [] : [`--test-name-pattern=${pattern}`];
  return runTestFile([...only, test], folder, timeLimitMs);
}

/** Whether the canary's test fails with the change planted. Afterwards the copy is as it was. */
export async function isCaught(folder: string, canary: Canary, timeLimitMs?: number): Promise<boolean> {
  const file = join(folder, canary.file);
  const sound = readFileSync(file, 'utf8');
  const parts = sound.split(canary.find);
  if (parts.length !== 2)
    throw new Error(`\`${canary.find}\` stands ${parts.length - 1} times in ${canary.file}`);
  try {
    writeFileSync(file, parts.join(canary.replace));
    refuseNonsense(file);
    return !(await runIn(folder, canary, timeLimitMs)).passed;
  } finally {
    writeFileSync(file, sound);
  }
}

/** Any test notices a program that does not even parse. */
function refuseNonsense(file: string): void {
  if (!/\.c?js$/.test(file)) return;
  const { code, stderr } = runNode(['--check', file]);
  if (code !== 0) throw new Error(`the change does not even parse: ${stderr}`);
}

function link(target: string, folder: string, name: string): void {
  // A junction needs no privilege on Windows and is an ordinary link elsewhere.
  symlinkSync(target, join(folder, 'node_modules', name), 'junction');
}
