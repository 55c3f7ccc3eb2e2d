import { MailslotError } from '../errors.js';
import { MAX_HOST_UNITS, MAX_PATH_UNITS } from '../limits.js';
import { upperCase } from './upper-case.js';

/**
 * A mailslot's name, taken apart.
 *
 *     \\.\mailslot\app\events     this computer        \\HOST\mailslot\app\events    a computer or a domain
 *     //./mailslot/app/events     the same             \\*\mailslot\app\events       the own domain
 *     app/events                  the same
 *
 * Source: Microsoft, "Mailslot Names"; the forward slash and the bare form are ours.
 */
export interface SlotName {
  /** The computer or domain as it was spelled, `*` for the own domain, `undefined` for this computer. */
  readonly host: string | undefined;
  /** The path after `mailslot`, as it was spelled, with `/` between its components. */
  readonly path: string;
  /** What two spellings of one name have in common: host and path in upper case. */
  readonly key: string;
}

const ROOT_WORD = 'MAILSLOT';

/**
 * Takes a name apart.
 *
 * @throws MailslotError `ERR_MAILSLOT_INVALID_NAME`, which shows the name and the position (in UTF-16 units,
 *   from 0) of what is wrong: an empty component, `.` or `..`, a NUL, ill-formed UTF-16, a missing `mailslot`
 *   after the computer, or more units than {@link MAX_PATH_UNITS}.
 */
export function parseName(text: string): SlotName {
  if (typeof text !== 'string') {
    throw new MailslotError(
      'ERR_MAILSLOT_INVALID_ARGUMENT',
      `a mailslot name is a string, not ${typeof text}`,
    );
  }
  if (text === '') throw refused(text, 0, 'it is empty');
  if (!(isSeparator(text[0]) && isSeparator(text[1]))) return named(undefined, path(text, 0));

  const hostEnd = componentEnd(text, 2);
  const host = text.slice(2, hostEnd);
  if (host === '') throw refused(text, 2, 'the computer is missing');
  if (host === '..') throw refused(text, 2, '".." is no computer');
  if (host.length > MAX_HOST_UNITS) {
    throw refused(text, 2 + MAX_HOST_UNITS, `a computer's name has at most ${MAX_HOST_UNITS} characters`);
  }
  checkUnits(text, 2, hostEnd);

  const wordEnd = componentEnd(text, hostEnd + 1);
  if (upperCase(text.slice(hostEnd + 1, wordEnd)) !== ROOT_WORD) {
    const reason = 'after the computer comes "mailslot"';
    throw refused(
      text,
      Math.min(hostEnd + 1, text.length),
      reason,
      spelledOut(host, text.slice(hostEnd + 1)),
    );
  }
  return named(host === '.' ? undefined : host, path(text, wordEnd + 1));
}

/** The shortest spelling that needs no quoting in a shell: `app/events`, `//HOST/mailslot/app/events`. */
export function formatName(name: SlotName): string {
  return name.host === undefined ? name.path : `//${name.host}/mailslot/${name.path}`;
}

function named(host: string | undefined, path: string): SlotName {
  return { host, path, key: upperCase(host === undefined ? path : `//${host}/mailslot/${path}`) };
}

function path(text: string, start: number): string {
  if (text.length - start > MAX_PATH_UNITS) {
    throw refused(text, start + MAX_PATH_UNITS, `it is longer than ${MAX_PATH_UNITS} characters`);
  }
  const components: string[] = [];
  for (let at = start; ; ) {
    const end = componentEnd(text, at);
    const component = text.slice(at, end);
    if (component === '') throw refused(text, Math.min(at, text.length), 'a component is empty');
    if (component === '.' || component === '..') throw refused(text, at, `"${component}" is no component`);
    checkUnits(text, at, end);
    components.push(component);
    if (end >= text.length) return components.join('/');
    at = end + 1;
  }
}

function checkUnits(text: string, start: number, end: number): void {
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0) throw refused(text, at, 'it contains a NUL');
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = at + 1 < end ? text.charCodeAt(at + 1) : 0;
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
      throw refused(text, at, 'half of a surrogate pair stands alone');
    }
    at += 1;
  }
}

function isSeparator(character: string | undefined): boolean {
  return character === '\\' || character === '/';
}

function componentEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isSeparator(text[at])) at += 1;
  return at;
}

const SHOWN_UNITS = 60;

/** What somebody may have meant who left the word out. Nothing for a long name: the middle of it would help nobody. */
function spelledOut(host: string, path: string): string {
  const spelled = `//${host}/mailslot/${path || 'app/events'}`;
  return spelled.length <= SHOWN_UNITS && !isSeparator(path[0]) ? safe(spelled) : EXAMPLES;
}

const EXAMPLES = 'app/events or //./mailslot/app/events';

function refused(text: string, position: number, reason: string, remedy: string = EXAMPLES): MailslotError {
  // Around the position, and as JSON: the text may be long, and may hold what a terminal would obey.
  const from = Math.max(0, Math.min(position, text.length) - SHOWN_UNITS);
  const shown = text.slice(from, position + SHOWN_UNITS);
  const quoted = `${from > 0 ? '…' : ''}${safe(shown)}${position + SHOWN_UNITS < text.length ? '…' : ''}`;
  return new MailslotError(
    'ERR_MAILSLOT_INVALID_NAME',
    `${quoted} is not a mailslot name: ${reason} (position ${position})`,
    { remedy: `write ${remedy}` },
  );
}

function safe(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}]/gu, escaped);
}

/** As JSON writes what it escapes. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
