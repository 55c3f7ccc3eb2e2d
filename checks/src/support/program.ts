import { spawnSync } from 'node:child_process';
import { groupMark, inGroup, killGroup } from './group.js';
import { inRepo } from './repo.js';

export interface Outcome {
  /** What the program ended with; undefined if its time was over. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Default: the root of the checkout. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its whole standard input; default: none. */
  readonly input?: string;
  /** After which it is killed, and all that it started; default two minutes. */
  readonly timeLimitMs?: number;
}

const DEFAULT_TIME_LIMIT_MS = 120_000;
const OUTPUT_BYTES_MAX = 64 << 20;

/** Runs a script of Node to its end. */
export function runNode(args: readonly string[], where: RunOptions = {}): Outcome {
  return finish(process.execPath, args, where, false);
}

/** Runs npm to its end. On Windows it is a script, which only a shell can start. */
export function runNpm(args: readonly string[], where: RunOptions = {}): Outcome {
  return finish('npm', args, where, process.platform === 'win32');
}

/** Runs a program of the PATH to its end. */
export function runProgram(name: string, args: readonly string[], where: RunOptions = {}): Outcome {
  return finish(name, args, where, false);
}

function finish(command: string, args: readonly string[], where: RunOptions, shell: boolean): Outcome {
  const { pid, status, stdout, stderr, error } = spawnSync(command, args, {
    ...inGroup(),
    cwd: where.cwd ?? inRepo(),
    env: environment(where.env),
    shell,
    input: where.input ?? '',
    timeout: where.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_BYTES_MAX,
    encoding: 'utf8',
  });
  killGroup(pid);
  if (error !== undefined && !('code' in error && error.code === 'ETIMEDOUT')) throw error;
  return { code: status ?? undefined, stdout, stderr };
}

/** That of a program which a check starts. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...groupMark, NO_COLOR: '1', ...more };
  // It would make a `node --test` that we start believe that it is a child of the runner that runs us, and do nothing.
  delete env['NODE_TEST_CONTEXT'];
  return env;
}
