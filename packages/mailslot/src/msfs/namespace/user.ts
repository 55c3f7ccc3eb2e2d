import { readFileSync } from 'node:fs';

/** Where there are no users (Windows). */
export const NO_USERS = -1;

/** This process's user; {@link NO_USERS} where there are none. */
export function userId(): number {
  return process.geteuid?.() ?? NO_USERS;
}

/** Whether that is this process's user, for certain. */
export function isOwn(uid: number): boolean {
  return uid === userId() && !isUnmapped(uid);
}

/**
 * Whether the system says this number of every user of whom it has none: in a user namespace, as that of a rootless
 * container, all who are not mapped into it share one. Two of them may be two users.
 */
export function isUnmapped(uid: number): boolean {
  unmapped ??= unmappedUser();
  return uid === unmapped;
}

/** Looked up once: a process stays in its namespace. NaN: every user has a number of his own. */
let unmapped: number | undefined;

/** As the first user namespace maps users: all of them, each to itself. */
const ALL_USERS = /^\s*0\s+0\s+4294967295\s*$/;

function unmappedUser(): number {
  try {
    if (ALL_USERS.test(readFileSync('/proc/self/uid_map', 'latin1'))) return Number.NaN;
    return Number(readFileSync('/proc/sys/kernel/overflowuid', 'latin1'));
  } catch {
    // Only Linux has namespaces.
    return Number.NaN;
  }
}
