import { UsageError } from './exit.js';

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/;

/** The longest delay of a Node timer, 24 days: a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Milliseconds of `500ms`, `5s`, `2m`, `1.5h`, `2d`; a plain number counts seconds.
 *
 * @throws UsageError when it is none of these, or more than 24 days
 */
export function parseDuration(text: string): number {
  const [, number, unit = 's'] = DURATION.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageError(`"${text}" is not a duration; write 500ms, 5s, 2m, 1h or 2d`);
  }
  const ms = Math.round(Number(number) * (MS_PER_UNIT[unit] as number));
  if (ms > LONGEST_MS) throw new UsageError(`"${text}" is too long; at most 24d`);
  return ms;
}

/** Whether {@link parseDuration} would take it for one, too long or not. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** Milliseconds in the largest unit that shows them exactly: `200ms`, `5s`, `2m`; `forever` for Infinity. */
export function formatDuration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'forever';
  const unit =
    ['d', 'h', 'm', 's'].find((name) => ms > 0 && ms % (MS_PER_UNIT[name] as number) === 0) ?? 'ms';
  return `${ms / (MS_PER_UNIT[unit] as number)}${unit}`;
}

/** How long ago, in the largest unit: `3s`, `12m`, `5h`, `8d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
