import { spawnSync } from 'node:child_process';

/**
 * Options for a test that talks to another program: it is skipped where that is missing, except in CI on Linux, where
 * everything can be installed and a missing program would be a quiet hole.
 */
export function needs(program: string): { skip: string | false } {
  const missing = spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
  const mustBeThere = process.env['CI'] === 'true' && process.platform === 'linux';
  return { skip: missing && !mustBeThere && `needs ${program}` };
}
