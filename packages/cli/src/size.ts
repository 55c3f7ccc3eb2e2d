import { UsageError } from './exit.js';

const UNITS = ['', 'k', 'm', 'g'];

/**
 * Bytes of `512`, `64k`, `4m`, `1g`: a unit is 1024 times the one before.
 *
 * @throws UsageError when it is none of these
 */
export function parseSize(text: string): number {
  const [, number, unit = ''] = /^(\d+)([kmg])?$/i.exec(text) ?? [];
  const bytes = Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase());
  if (!Number.isSafeInteger(bytes)) {
    throw new UsageError(`"${text}" is not a size; write bytes, or 64k, 4m, 1g`);
  }
  return bytes;
}

/** Bytes short enough for a table: `512`, `1.5k`, `64m`. */
export function formatSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  // 1023.95 would be shown as 1024.0: that is the next unit's 1.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes}` : `${Number(value.toFixed(1))}${UNITS[unit]}`;
}
