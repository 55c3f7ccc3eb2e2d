import { MailslotError } from '../errors.js';
import { malformed } from './body.js';

/* Normative: docs/wire/messenger.md, section 3. */

/** How the bytes of an old body are to be read: nothing in it tells. */
export type CodePage = 'ibm437' | 'ibm850' | 'windows-1252';

/** What the Messenger service of Windows says. Names are as they came, and may be none of ours. */
export interface OldBody {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** The characters of 0x80 to 0xff. Our own, since Node's decoder knows only one of the three. */
const HIGH: Readonly<Record<CodePage, string>> = {
  ibm437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
    'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
    'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
    'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  'windows-1252':
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
    '\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿' +
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß' +
    'àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
};

/** How programs for Windows write a line break. */
const OLD_BREAK = '\u0014';
const QUESTION_MARK = 0x3f;

/** Whether there is a table for a code page. */
export function isCodePage(text: unknown): text is CodePage {
  return typeof text === 'string' && Object.hasOwn(HIGH, text);
}

/**
 * `from NUL to NUL text NUL`; the last NUL may be missing, and what follows it is ignored. Line breaks of all kinds
 * become `\n`. Throws `ERR_MAILSLOT_MALFORMED`.
 */
export function decodeOld(bytes: Uint8Array, codePage: CodePage): OldBody {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length && parts.length < 3; ) {
    const nul = bytes.indexOf(0, at);
    const end = nul === -1 ? bytes.length : nul;
    parts.push(decodeText(bytes.subarray(at, end), codePage));
    at = end + 1;
  }
  const [from, to, text] = parts;
  if (!from || !to || !text) throw malformed('its sender, addressee or text is missing');
  return { from, to, text: text.replaceAll(OLD_BREAK, '\n').replace(/\r\n?/g, '\n') };
}

/** The other way; what the code page lacks becomes `?`. Throws `ERR_MAILSLOT_INVALID_ARGUMENT` for empty parts and NULs. */
export function encodeOld({ from, to, text }: OldBody, codePage: CodePage): Buffer {
  const parts = [from, to, text.replace(/\r\n?/g, '\n')];
  if (parts.some((part) => part === '' || part.includes('\0'))) {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      'sender, addressee and text of an old message are not empty and have no NUL',
    );
  }
  return Buffer.from(parts.flatMap((part) => [...encodeText(part, codePage), 0]));
}

function decodeText(bytes: Uint8Array, codePage: CodePage): string {
  const high = HIGH[codePage];
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : high[byte - 0x80];
  return text;
}

function encodeText(text: string, codePage: CodePage): number[] {
  const high = HIGH[codePage];
  return Array.from(text, (character) => {
    if (character === '\n') return OLD_BREAK.charCodeAt(0);
    if (character < '\x80') return character.charCodeAt(0);
    const at = high.indexOf(character);
    return at === -1 ? QUESTION_MARK : 0x80 + at;
  });
}
