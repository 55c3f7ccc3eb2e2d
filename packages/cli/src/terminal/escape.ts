const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text of others as one line that is safe on a terminal, and from which the text can be had back: `\n`, `\t`,
 * `\r`, `\\`, `\x1b` for a byte below 80 hex, `\u202e`, `\u{e0041}`.
 */
export function escapeText(text: string): string {
  return escapeSentence(text.replaceAll('\\', '\\\\'));
}

/** As {@link escapeText}, but a backslash stays: for sentences that are read, not parsed. */
export function escapeSentence(text: string): string {
  return replaceUnsafe(text, escaped);
}

/** A value as one line of JSON that is safe on a terminal: JSON alone leaves DEL, C1 and bidi controls as they are. */
export function jsonLine(value: unknown): string {
  return `${replaceUnsafe(JSON.stringify(value), jsonEscape)}\n`;
}

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
/** An emoji shown in colour, or joined to the next one: ❤️, 👩‍🚀. */
const SELECTOR = /(?<=\p{Extended_Pictographic})\ufe0f/uy;
const JOINER =
  /(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})/uy;

function isOfEmoji(text: string, at: number, character: string): boolean {
  if (character !== '\ufe0f' && character !== '\u200d') return false;
  const pattern = character === '\ufe0f' ? SELECTOR : JOINER;
  pattern.lastIndex = at;
  return pattern.test(text);
}

/**
 * Replaces what a terminal would obey or hide instead of show: control characters (C0, DEL, C1), format characters
 * (bidi controls, zero-width ones, the byte order mark, tags), line and paragraph separators, halves of a surrogate
 * pair, and what else Unicode has no picture for (fillers, selectors of variants); but for what makes one emoji of several
 * characters.
 */
function replaceUnsafe(text: string, replacement: (character: string) => string): string {
  // Most texts need no look at Unicode's tables, which takes 0.4 ms the first time.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(UNSAFE, (character, at: number) =>
    isOfEmoji(text, at, character) ? character : replacement(character),
  );
}

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return byteEscape(code);
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unitEscape(code);
}

function jsonEscape(character: string): string {
  return Array.from({ length: character.length }, (_, at) => unitEscape(character.charCodeAt(at))).join('');
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** `\x1b` */
export function byteEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
