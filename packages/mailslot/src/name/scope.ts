/**
 * How far a message may go at most, and how far away those may be from whom a slot takes messages: no further than this
 * computer, than its LAN, or anywhere in the domain.
 */
export type Scope = 'host' | 'lan' | 'site';

/** From the narrowest to the widest. */
export const SCOPES: readonly Scope[] = ['host', 'lan', 'site'];

/** Whether what goes as far as `reach` stays within `ceiling`. */
export function isWithin(reach: Scope, ceiling: Scope): boolean {
  return reach === ceiling || SCOPES.indexOf(reach) < SCOPES.indexOf(ceiling);
}
