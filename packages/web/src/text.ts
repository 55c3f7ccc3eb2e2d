/**
 * Text of others as it may stand on the page. It is only ever a text node, so that markup is no danger; what is left are
 * characters that nobody sees and that reorder or hide others. They are shown: C0 controls by their pictures (`␛`), the
 * rest as `⟨202E⟩`. Line feeds and tabs stay, and so do the invisible ones that scripts and emoji need: soft hyphen,
 * joiners, direction marks.
 */
export function harmless(text: string): string {
  if (/^[ -~\n\t]*$/.test(text)) return text;
  return text
    .replace(/\r\n|\p{Zl}|\p{Zp}/gu, '\n')
    .replace(/(?![\n\t\u00ad\u200c-\u200f\u061c])[\p{Cc}\p{Cf}\p{Cs}]/gu, picture);
}

/** As {@link harmless}, in one line: for names and beginnings of texts. */
export function harmlessLine(text: string): string {
  return harmless(text).replace(/[\n\t]+/g, ' ');
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

const words = /[^\p{L}\p{N}]+/u;

/** `AB` for `anna-bell`, `A` for `ANNA`: the first letters of at most two words. */
export function initials(name: string): string {
  const parts = name.split(words).filter((part) => part !== '');
  const letters = parts.slice(0, 2).map((part) => String.fromCodePoint(part.codePointAt(0)!));
  return letters.join('').toUpperCase() || '?';
}

/** A hue that is the same for a name wherever it is shown: 24 steps, so that two are told apart or are the same. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const unit of name.toUpperCase()) hash = (Math.imul(hash, 31) + unit.codePointAt(0)!) | 0;
  return (Math.abs(hash) % 24) * 15;
}

/** A name as the messenger writes it. One character to one: `ß` stays, though its upper case would be two. */
export function upperName(name: string): string {
  return Array.from(name, (character) => {
    const upper = character.toUpperCase();
    return upper.length === character.length ? upper : character;
  }).join('');
}

/** `3 computers`, `1 computer`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
