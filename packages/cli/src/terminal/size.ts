import { UsageError } from './exit.js';

const UNITS = ['', 'k', 'm', 'g'];
const NAMES = ['bytes', 'KiB', 'MiB', 'GiB'];

/**
 * Bytes of `512`, `64k`, `4m`, `1g`, also as `4MB` or `4 MiB`: a unit is 1024 times the one before, however it is
 * written.
 *
 * @throws UsageError when it is none of these
 */
export function parseSize(text: string): number {
  const [, number, unit = ''] = /^(\d+) ?(?:([kmg])(?:i?b)?|b)?$/i.exec(text) ?? [];
  const bytes = Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase());
  if (bytes > Number.MAX_SAFE_INTEGER) throw new UsageError(`"${text}" is too large`);
  if (!Number.isSafeInteger(bytes)) {
    throw new UsageError(`"${text}" is not a size; write bytes, or 64k, 4m, 1g (64 KiB, 4 MiB, 1 GiB)`);
  }
  return bytes;
}

/** Bytes as people say them: `4 MiB`, `60,000 bytes`. */
export function sizeInWords(bytes: number): string {
  const unit = [3, 2, 1].find((each) => bytes > 0 && bytes % 1024 ** each === 0) ?? 0;
  return `${(bytes / 1024 ** unit).toLocaleString('en')} ${NAMES[unit]}`;
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
