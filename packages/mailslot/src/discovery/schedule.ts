import {
  AGE_CHECK_MAX_MS,
  AGE_CHECK_MIN_MS,
  ANNOUNCE_MAX_MS,
  ANNOUNCE_MIN_MS,
  ANNOUNCE_SPACING_MS,
} from '../limits.js';
import type { Random } from '../ports/random.js';

/*
 * When to announce, and what silence means. The interval grows with the number of instances, so that a domain's
 * announcements are ten a second in all from ten instances on.
 */

/** Milliseconds between two announcements of one instance, in a domain of `count` instances. */
export function announceInterval(count: number): number {
  return Math.min(Math.max(ANNOUNCE_MIN_MS, count * ANNOUNCE_SPACING_MS), ANNOUNCE_MAX_MS);
}

/** How often to look who is overdue, in a domain of `count` instances: a small part of what makes them so. */
export function ageCheckInterval(count: number): number {
  return Math.min(Math.max(AGE_CHECK_MIN_MS, announceInterval(count) / 8), AGE_CHECK_MAX_MS);
}

/** At least one announcement is missing. */
export function silentAfter(intervalMs: number): number {
  return 1.5 * intervalMs;
}

/** Three announcements in a row are missing, however late each of them might have been. */
export function goneAfter(intervalMs: number): number {
  return 3.5 * intervalMs;
}

/** The part of its interval after which an instance goes on: a tenth more or less, so that no two keep in step. */
export function jitter(random: Random): number {
  return 0.9 + 0.2 * fraction(random);
}

/** From 0 up to, not including, 1. */
export function fraction(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return (a * 0x100_0000 + b * 0x1_0000 + c * 0x100 + d) / 0x1_0000_0000;
}
