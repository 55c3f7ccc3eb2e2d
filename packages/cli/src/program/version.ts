/** Of package.json, checked by a test; reading that file would cost every start. */
export const VERSION = '0.1.0';

/** The day of that version, for the man page. */
export const RELEASED = '2026-11-22';
