/** What a JSON text is made of, beside white space. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

/** One more step into a JSON value: the key of an object, the position in a list. */
export type Step = string | number;

/** A list or an object that the walk is in, and at which of its values. */
interface Level {
  step: Step | undefined;
  isAtKey: boolean;
}

/**
 * The line, from 1, where the value at `path` begins in a JSON text that was parsed already; of a field of an object
 * the line of its key. Where there is no such value, the line of what it would be part of.
 */
export function lineOf(text: string, path: readonly Step[]): number {
  const levels: Level[] = [];
  let [depth, position] = [-1, 0];
  const look = (at: number): void => {
    if (levels.length <= depth || !levels.every(({ step }, index) => step === path[index])) return;
    [depth, position] = [levels.length, at];
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
      look(index);
    } else {
      look(index);
      if (token === '{') levels.push({ step: undefined, isAtKey: true });
      if (token === '[') levels.push({ step: 0, isAtKey: false });
    }
  }
  return lineAt(text, position);
}

/** The line, from 1, of a position. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
