/** `full`: what `npm run interop -- messenger` does. Else what a plain test has time for. */
export const SIZES_VARIABLE = 'MAILSLOT_MESSENGER';

/** How long the storm lasts. */
export const stormSeconds: number = process.env[SIZES_VARIABLE] === 'full' ? 60 : 5;
