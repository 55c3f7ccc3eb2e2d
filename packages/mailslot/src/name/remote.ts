/** Whose messages from other computers a slot takes. */
export type Remote = 'none' | 'domain' | 'anyone';
