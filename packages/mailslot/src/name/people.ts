import { upperCase } from './upper-case.js';

/* How people are found by slots. Normative: docs/wire/messenger.md, section 1. */

/** What stands before a name in the name of its slot. */
const FOLDER = 'messngr/';
const MEMBER = /^MESSNGR\/\*\/(-1|0|[1-9]\d{0,9})\/([1-9]\d?)$/;

/** The slot of a messenger name, or of everybody. */
export function slotOf(name: string): string {
  return FOLDER + name;
}

/** The messenger name, in whatever spelling, whose slot this is; `undefined` for another slot. */
export function nameInSlot(path: string): string | undefined {
  const name = upperCase(path).startsWith(upperCase(FOLDER)) ? path.slice(FOLDER.length) : '';
  return name === '' || name.includes('/') ? undefined : name;
}

/** By which one messenger of a user hears what is for all who are at the computer. */
export interface Member {
  /** Whose messenger it is; -1 where there are no users. */
  readonly uid: number;
  /** Which of that user's messengers, from 1. */
  readonly place: number;
}

export function slotOfMember({ uid, place }: Member): string {
  return `${FOLDER}*/${uid}/${place}`;
}

/** The member whose slot this is; `undefined` for another slot. */
export function memberInSlot(path: string): Member | undefined {
  const [, uid, place] = MEMBER.exec(upperCase(path)) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), place: Number(place) };
}
