import { MailslotError } from 'mailslot';
import type { Dice } from './dice.js';

/** Something that takes bytes from strangers. */
export interface Target {
  readonly name: string;
  /** Its part of all runs. */
  readonly share: number;
  /** What one input may take; default two seconds. */
  readonly inputMs?: number;
  make(dice: Dice): Buffer;
  /** Throws when the target did not what it should: `input` may be refused, by MailslotError. */
  check(input: Buffer, dice: Dice): void | Promise<void>;
}

/** What `decode` returns; undefined when it refused its input as it should. */
export function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof MailslotError) return undefined;
    throw error;
  }
}
