import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepo } from '../support/repo.js';
import { outcomesIn, type TestOutcome } from './junit.js';
import { FOLDER } from './pinned.js';

export interface FileOutcome {
  readonly tests: readonly TestOutcome[];
  /** Why the file as a whole failed: it did not end in time, or failed where no test did. */
  readonly error: string | undefined;
}

const STDERR_BYTES_MAX = 1 << 20;

/** Runs a test file to its end, or kills it, and whatever it started, when the time is over. */
export async function runFile(
  binary: string,
  testArgs: (file: string, report: string) => string[],
  file: string,
  timeLimitMs: number,
): Promise<FileOutcome> {
  // Short, because the sockets of the tests are below it; and gone afterwards, whatever a killed test left there.
  const folder = mkdtempSync(join(tmpdir(), 'ms-'));
  try {
    // Not where tests look at which folders there are.
    const report = join(folder, 'report.xml');
    const temporary = join(folder, 't');
    mkdirSync(temporary);
    const child = spawn(binary, testArgs(file, report), {
      cwd: inRepo(),
      env: environment(temporary),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const { code, stderr } = await ended(child, timeLimitMs);
    if (code === undefined)
      return { tests: [], error: `did not end within ${Math.round(timeLimitMs / 1000)} s` };
    // Node reports a file without tests as one test, with the name of the file.
    const tests = outcomesIn(textOf(report)).filter(({ name }) => name !== file);
    return judged(code, stderr, tests);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judged(code: number, stderr: string, tests: readonly TestOutcome[]): FileOutcome {
  if (tests.length === 0) return { tests, error: `reported no test: ${firstLine(stderr)}` };
  const isExplained = code === 0 || tests.some(({ error }) => error !== undefined);
  return { tests, error: isExplained ? undefined : `ended with ${code}: ${firstLine(stderr)}` };
}

function ended(
  child: ChildProcess,
  timeLimitMs: number,
): Promise<{ code: number | undefined; stderr: string }> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      killGroup(child);
    }, timeLimitMs);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < STDERR_BYTES_MAX) stderr += text;
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // What a test started and left behind would else hold the pipe, and the machine.
    child.once('exit', () => killGroup(child));
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: isOver ? undefined : (code ?? -1), stderr });
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function environment(temporary: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NO_COLOR: '1',
    TMPDIR: temporary,
    DENO_DIR: join(FOLDER, 'deno'),
    DENO_NO_UPDATE_CHECK: '1',
    DO_NOT_TRACK: '1',
  };
  // It would make a `node --test` believe that it is a child of the runner that runs us.
  delete env['NODE_TEST_CONTEXT'];
  return env;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!.trimEnd() || 'without a word';
}
