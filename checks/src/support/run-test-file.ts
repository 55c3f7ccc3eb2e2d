import { spawn } from 'node:child_process';
import { endWithUs, inGroup, killGroup } from './group.js';
import { environment } from './program.js';

/** A test of the file that failed, in TAP: what it cleared away is gone by then. */
const HAS_FAILED = /^not ok /m;

/** How long a file may go on after its first failure, to clear away. */
const CLEARING_MS = 1_000;

/**
 * Whether a test file passes: `args` are those of Node. It is over with the first test that fails, or that is late, and so
 * is all that it has started.
 */
export function runTestFile(args: readonly string[], cwd: string, timeLimitMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test-reporter=tap', ...args], {
      ...inGroup,
      cwd,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const letGo = endWithUs(child.pid);
    let timer = setTimeout(end, timeLimitMs);
    let hasFailed = false;
    let line = '';

    function end(): void {
      hasFailed = true;
      killGroup(child.pid);
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      line += text;
      if (!hasFailed && HAS_FAILED.test(line)) {
        hasFailed = true;
        clearTimeout(timer);
        child.kill('SIGTERM');
        timer = setTimeout(end, CLEARING_MS);
      }
      line = line.slice(line.lastIndexOf('\n') + 1);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      letGo();
      // What it leaves behind would disturb the next one.
      if (process.platform !== 'win32') killGroup(child.pid);
      resolve(code === 0 && !hasFailed);
    });
  });
}
