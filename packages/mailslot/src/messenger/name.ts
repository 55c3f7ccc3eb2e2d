import { MailslotError } from '../errors.js';
import { MAX_HOST_UNITS, MAX_MESSENGER_NAME } from '../limits.js';
import { nameInSlot, slotOf } from '../name/people.js';
import { upperCase } from '../name/upper-case.js';

/** Whom a message is for when it is for everybody. */
export const EVERYBODY = '*';

/** Who says what a messenger itself has to say: no name, so that nobody can be called so. */
export const MESSENGER = '/MESSENGER';

/** U+2800 is a Braille pattern without dots: it looks like a space, and is none. */
const NAME = /^[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]+$/u;
const REPLY_SLOT = /^messngr\/reply\/[0-9a-f]{16}$/;

/**
 * A messenger name in the one spelling that is used everywhere, in upper case and Unicode's form NFC.
 *
 * Throws `ERR_MAILSLOT_INVALID_ARGUMENT` for what cannot be one.
 */
export function messengerName(text: string): string {
  const name = nameOrNothing(text);
  if (name !== undefined) return name;
  throw new MailslotError(
    'ERR_MAILSLOT_INVALID_ARGUMENT',
    `${JSON.stringify(text)} is no messenger name: it has 1 to ${MAX_MESSENGER_NAME} characters that can be seen, ` +
      'none of them / or \\, and is not *',
  );
}

/** As {@link messengerName}; `undefined` for what cannot be one. */
export function nameOrNothing(text: unknown): string | undefined {
  const composed = typeof text === 'string' ? text.normalize('NFC') : undefined;
  if (!isVisible(composed, MAX_MESSENGER_NAME)) return undefined;
  // Of two letters of upper case some are one that those of lower case were not.
  const name = upperCase(composed).normalize('NFC');
  // A name of stars alone is a misspelled "everybody".
  return /^\*+$/.test(name) ? undefined : name;
}

/** Whether an answer can be sent to a computer of this name: one and no other slot than is meant. */
export function isComputer(text: unknown): text is string {
  return isVisible(text, MAX_HOST_UNITS);
}

function isVisible(text: unknown, most: number): text is string {
  if (typeof text !== 'string' || text.length > most || !NAME.test(text)) return false;
  return text.trim() === text && text !== '.' && text !== '..' && text !== EVERYBODY;
}

/** A messenger name, or `*`. */
export function addresseeOf(to: string): string {
  return to === EVERYBODY ? EVERYBODY : messengerName(to);
}

/** As {@link addresseeOf}; `undefined` for what can be neither. */
export function addresseeOrNothing(to: unknown): string | undefined {
  return to === EVERYBODY ? EVERYBODY : nameOrNothing(to);
}

/** Whom something was said with, see `partnerOf`: an addressee, or the messenger itself. */
export function partnerNamed(text: string): string {
  return text === MESSENGER ? MESSENGER : addresseeOf(text);
}

/** The slot for the receipts of one message that is sent without a messenger. */
export function replySlotOf(id: string): string {
  return `${slotOf('reply')}/${id}`;
}

/** Where answers may be sent to: nobody can have a messenger write to any other slot. */
export function isReplySlot(path: unknown): path is string {
  if (typeof path !== 'string') return false;
  return REPLY_SLOT.test(path) || nameOrNothing(nameInSlot(path)) !== undefined;
}
