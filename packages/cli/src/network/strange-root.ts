import { statSync } from 'node:fs';
import { mailslotRoot } from 'mailslot';

/** Whose the root is, if it is there and another user's: then that user's configuration counts in it. */
export function strangeOwner(asked: string | undefined): number | undefined {
  try {
    const { uid } = statSync(asked ?? mailslotRoot());
    return uid === (process.geteuid?.() ?? uid) ? undefined : uid;
  } catch {
    // What is wrong with it is told by whoever uses it.
    return undefined;
  }
}
