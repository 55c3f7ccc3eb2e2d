/** Names shown when one was misspelled. */
const SHOWN_MAX = 3;

/** Those of the known names that the one that was written may have been meant to be, the nearest first. */
export function nearNames(written: string, known: Iterable<string>): string[] {
  // In a short name each letter tells much.
  const most = written.length < 5 ? 1 : 2;
  return [...new Set(known)]
    .map((name) => ({ name, far: name.startsWith(written) ? 1 : distance(written, name, most) }))
    .filter(({ name, far }) => name !== written && far <= most)
    .sort((one, other) => one.far - other.far)
    .slice(0, SHOWN_MAX)
    .map(({ name }) => name);
}

/** How many letters must be put in, left out, changed, or swapped with their neighbour; more than `most` is one more. */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[at - 1] === other[column - 1];
      const isSwapped = at > 1 && one[at - 1] === other[column - 2] && one[at - 2] === other[column - 1];
      next[column] = Math.min(
        (row[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (row[column - 1] ?? 0) + Number(!isSame),
        isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? most + 1;
}
