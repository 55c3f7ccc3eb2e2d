export function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** Milliseconds since `start`, which `performance.now()` gave, to a tenth. */
export function msSince(start: number): number {
  return tenth(performance.now() - start);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Milliseconds, to a hundredth: what is usual and what was worst. */
export function spread(times: readonly number[]): { readonly median: number; readonly most: number } {
  const rounded = (value: number): number => Math.round(value * 100) / 100;
  return { median: rounded(median(times)), most: rounded(Math.max(...times)) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
