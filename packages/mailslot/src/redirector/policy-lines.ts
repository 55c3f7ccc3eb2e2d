/** What a JSON text is made of, beside white space. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

/** One more step into a JSON value: the key of an object, the position in a list. */
export type Step = string | number;

/** A list or an object that the walk is in, and at which of its values. */
interface Level {
  step: Step | undefined;
  isAtKey: boolean;
}

/** Tells lines of a text. */
export type LineOf = (path: readonly Step[]) => number;

/**
 * For a JSON text that was parsed already: the line, from 1, where the value at a path begins; of a field of an object
 * the line of its key. Where there is no such value, the line of what it would be part of. The text is walked once.
 */
export function linesOf(text: string): LineOf {
  const positions = positionsIn(text);
  const lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const position = positions.get(keyOf(path.slice(0, length)));
      if (position !== undefined) return lineAmong(lineStarts, position);
    }
    return lineAmong(lineStarts, positions.get(keyOf([])) ?? 0);
  };
}

/** Where each value begins, by its path. Of two fields of one name the first counts. */
function positionsIn(text: string): Map<string, number> {
  const positions = new Map<string, number>();
  const levels: Level[] = [];
  const note = (at: number): void => {
    const key = keyOf(levels.map(({ step }) => step as Step));
    if (!positions.has(key)) positions.set(key, at);
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '}' || token === ']') levels.pop();
    else if (token === ':') continue;
    else if (token === ',' && typeof level?.step === 'number') level.step += 1;
    else if (token === ',' && level) level.isAtKey = true;
    else if (level?.isAtKey) {
      level.step = JSON.parse(token);
      level.isAtKey = false;
      note(index);
    } else {
      note(index);
      if (token === '{') levels.push({ step: undefined, isAtKey: true });
      if (token === '[') levels.push({ step: 0, isAtKey: false });
    }
  }
  return positions;
}

function keyOf(path: readonly Step[]): string {
  return JSON.stringify(path);
}

/** How many lines begin at or before a position. */
function lineAmong(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= position) low = middle;
    else high = middle;
  }
  return low + 1;
}
