import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createMailslot } from 'mailslot';
import { makeScene } from '../harness/scene.js';
import { inRepo } from '../support/repo.js';
import { attackMs, type Flood } from './flood.js';
import { pour } from './pour.js';

const MB = 2 ** 20;
const LIMIT = 4 * MB;

/** What a command holds of an input without an end, for a slot that takes messages of 4 MiB. */
export const cliInput: readonly Flood[] = [
  inputFlood('a line that never ends', ['write', '--lines', 'app'], 'x'.repeat(MB)),
  inputFlood('an input that never ends', ['write', 'app'], 'x\n'.repeat(MB / 2)),
  inputFlood('a text for people that never ends', ['send', '*'], 'x\n'.repeat(MB / 2)),
];

function inputFlood(attacker: string, args: readonly string[], bytes: string): Flood {
  return {
    resource: 'memory of a command',
    attacker,
    async run() {
      const { scene, clear } = makeScene();
      try {
        const slot = await createMailslot('app', { root: scene.root });
        scene.after(() => slot.close());
        const env = { ...process.env, MAILSLOT_ROOT: scene.root, MAILSLOT_CONFIG: `${scene.root}.none` };
        const child = spawn(process.execPath, [inRepo('packages/cli/bin/mailslot.cjs'), ...args], { env });
        scene.after(() => child.kill('SIGKILL'));
        const ended = once(child, 'exit');
        child.stdin.on('error', () => {});
        pour(child.stdin, bytes);
        let peak = 0;
        const end = AbortSignal.timeout(10_000 + attackMs);
        for (; child.exitCode === null && !end.aborted; await new Promise(setImmediate))
          peak = Math.max(peak, residentPeak(child.pid as number));
        if (!end.aborted) await ended;
        // It gives up by itself, and says why.
        return { bound: IDLE + 4 * LIMIT, peak, unit: 'bytes resident', ok: child.exitCode === 1 };
      } finally {
        await clear();
      }
    },
  };
}

/** Node itself, and a command's own code. */
const IDLE = 90 * MB;

function residentPeak(pid: number): number {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    // It has ended, or there is no /proc.
    return 0;
  }
}
