import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** In `flags:` of /proc/self/fdinfo: a program that is started does not get this descriptor. */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Closes what whoever started this process had open and handed on without knowing: the lock of a script, a pipe that
 * somebody waits to be closed. All that Node opens for itself closes when a program is started, so whatever does not
 * was inherited. Linux alone tells, and of other runtimes nobody knows what they open.
 */
export function closeInherited(): void {
  if (process.platform !== 'linux' || 'bun' in process.versions || 'deno' in process.versions) return;
  for (const entry of readdirSync('/proc/self/fdinfo')) {
    const descriptor = Number(entry);
    if (descriptor > 2 && isInherited(descriptor)) closeSync(descriptor);
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags] =
      /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one by which the folder was read.
    return false;
  }
}
