import { spawn } from 'node:child_process';
import { endWithUs, inGroup, killGroup } from './group.js';
import { environment } from './program.js';

/** What came of a test file. */
export interface Ran {
  readonly passed: boolean;
  /** Why none of its tests could be run here; `undefined` if any was. */
  readonly skipped: string | undefined;
}

/** A test of the file that failed, in TAP: what it cleared away is gone by then. */
const HAS_FAILED = /^not ok /m;

/** One that was run and passed; and one that says why it cannot be run here. Those that are not asked for are neither. */
const HAS_PASSED = /^ok (?!.* # SKIP)/m;
const IS_SKIPPED = /^ok .* # SKIP (?!test name does not match)(.+)/m;

/** How long a file may go on after its first failure, to clear away. */
const CLEARING_MS = 1_000;

/**
 * Runs a test file: `args` are those of Node. It is over with the first test that fails, or that is late, and so
 * is all that it has started.
 */
export function runTestFile(args: readonly string[], cwd: string, timeLimitMs: number): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test-reporter=tap', ...args], {
      ...inGroup(),
      cwd,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const letGo = endWithUs(child.pid);
    let timer = setTimeout(end, timeLimitMs);
    let hasFailed = false;
    let text = '';

    function end(): void {
      hasFailed = true;
      killGroup(child.pid);
    }
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (hasFailed || !HAS_FAILED.test(text)) return;
      hasFailed = true;
      clearTimeout(timer);
      child.kill('SIGTERM');
      timer = setTimeout(end, CLEARING_MS);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      letGo();
      // What it leaves behind would disturb the next one.
      if (process.platform !== 'win32') killGroup(child.pid);
    });
    child.once('close', (code) => {
      const skipped = HAS_PASSED.test(text) ? undefined : IS_SKIPPED.exec(text)?.[1];
      resolve({ passed: code === 0 && !hasFailed, skipped });
    });
  });
}
