import { spawnSync } from 'node:child_process';
import { inRepo } from './repo.js';

export interface Outcome {
  /** What the program ended with; undefined if its time was over. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** Default: the root of the checkout. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its whole standard input; default: none. */
  readonly input?: string;
  /** After which it is killed; default two minutes. */
  readonly timeLimitMs?: number;
}

const DEFAULT_TIME_LIMIT_MS = 120_000;
const OUTPUT_BYTES_MAX = 64 << 20;

/** Runs a script of Node to its end. */
export function runNode(args: readonly string[], where: Surroundings = {}): Outcome {
  return finish(process.execPath, args, where, false);
}

/** Runs npm to its end. On Windows it is a script, which only a shell can start. */
export function runNpm(args: readonly string[], where: Surroundings = {}): Outcome {
  return finish('npm', args, where, process.platform === 'win32');
}

/** Runs a program of the PATH to its end. */
export function runProgram(name: string, args: readonly string[], where: Surroundings = {}): Outcome {
  return finish(name, args, where, false);
}

function finish(command: string, args: readonly string[], where: Surroundings, shell: boolean): Outcome {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...where.env };
  // It would make a `node --test` that we start believe that it is a child of the runner that runs us, and do nothing.
  delete env['NODE_TEST_CONTEXT'];
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: where.cwd ?? inRepo(),
    env,
    shell,
    input: where.input ?? '',
    timeout: where.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_BYTES_MAX,
    encoding: 'utf8',
  });
  if (error !== undefined && !('code' in error && error.code === 'ETIMEDOUT')) throw error;
  return { code: status ?? undefined, stdout, stderr };
}
