import { resolve } from 'node:path';
import type { MailslotError, MailslotErrorDetails } from '../errors.js';

/**
 * The path from / on, so that it names the same thing when the process changes its folder. Throws what `refuse` makes when
 * that cannot be told: the folder in which the process is may have been removed.
 */
export function absolute(
  path: string,
  refuse: (reason: string, details: MailslotErrorDetails) => MailslotError,
): string {
  try {
    return resolve(path);
  } catch (cause) {
    throw refuse('the current folder was removed', {
      cause,
      remedy: 'name it from / on, or go to another folder',
    });
  }
}
