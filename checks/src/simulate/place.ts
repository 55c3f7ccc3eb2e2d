import type { EndOptions } from 'mailslot/testing';
import type { PolicyText } from './model/rules.js';

/** A slot of a computer, as its program made it. */
export interface Slot {
  readonly path: string;
  readonly remote: 'domain' | 'anyone';
  /** Its program does not read. */
  isFull: boolean;
}

/** A computer's way into one domain. */
export interface Membership {
  readonly domain: string;
  readonly ends: readonly EndOptions[];
}

/** Mailslot's own services; every other name that begins with `$` is a slot. */
export const SERVICES: readonly string[] = ['$browse', '$echo'];

/** What a computer is like. */
export interface Place {
  readonly number: number;
  readonly name: string;
  readonly machine: string;
  readonly memberships: readonly Membership[];
  readonly skewMs: number;
  /** What comes within so many ms comes in one piece. */
  readonly gatherMs: number;
  readonly hasDiscovery: boolean;
  readonly policy: PolicyText;
  readonly slots: readonly Slot[];
}
