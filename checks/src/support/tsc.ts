import { runNode } from './program.js';
import { inRepo } from './repo.js';

/** Type-checks a project, without emitting; the compiler's complaints, one a line. `compiler` is the package's folder. */
export function complaintsOf(tsconfig: string, compiler = 'typescript'): string[] {
  const tsc = inRepo('node_modules', compiler, 'bin/tsc');
  const { code, stdout, stderr } = runNode([tsc, '--noEmit', '--pretty', 'false', '-p', tsconfig]);
  return code === 0 ? [] : `${stdout}${stderr}`.trimEnd().split('\n');
}
