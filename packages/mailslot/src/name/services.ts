import { upperCase } from './upper-case.js';

/** Where the redirector of a root listens. */
export const REDIRECTOR_PATH = '$redirector';

/** Where computers tell each other that they are there, and answer who asks. */
export const BROWSE_PATH = '$browse';
export const ECHO_PATH = '$echo';

const SERVICES: ReadonlySet<string> = new Set([REDIRECTOR_PATH, BROWSE_PATH, ECHO_PATH].map(upperCase));

const DOLLAR = 0x24;

/**
 * Whether a path is that of one of mailslot's own services: these names alone, in any spelling. Any other name that begins
 * with `$` is a slot like every other, as programs of Windows use them.
 */
export function isService(path: string): boolean {
  return path.charCodeAt(0) === DOLLAR && SERVICES.has(upperCase(path));
}
