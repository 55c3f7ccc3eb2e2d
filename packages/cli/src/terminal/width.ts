/**
 * First and last code points of what a terminal draws two columns wide: East Asian characters of the classes W and F,
 * in whole blocks. What is an emoji the pattern below knows.
 */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1b000, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Marks stand on what is before them, and so do the vowels and finals of Hangul. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cc}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;

/** How many columns of a terminal a text takes that has been made harmless. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

/** As much of a harmless text as fits into so many columns. */
export function startOf(text: string, columns: number): string {
  let start = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    start += character;
  }
  return start;
}

function columnsOfOne(character: string): number {
  if (NO_COLUMN.test(character)) return 0;
  const code = character.codePointAt(0) as number;
  const isWide = code >= 0x1100 && WIDE.some(([first, last]) => code >= first && code <= last);
  return isWide || /^\p{Emoji_Presentation}$/u.test(character) ? 2 : 1;
}
