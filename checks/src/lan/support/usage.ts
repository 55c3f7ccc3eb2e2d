import { readFileSync } from 'node:fs';

/** What a process has used. */
export interface Usage {
  readonly cpuMs: number;
  /** Resident memory now, and the most there ever was, in bytes. */
  readonly memory: number;
  readonly peak: number;
}

/** Of the ticks of `/proc/PID/stat`: 100 a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** Linux only. */
export function usageOf(pid: number): Usage {
  // The name in front, in parentheses, may hold anything; behind it are numbers.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { cpuMs: ticks * MS_PER_TICK, memory: bytes('VmRSS'), peak: bytes('VmHWM') };
}
