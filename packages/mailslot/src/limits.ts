/** Every bound of the system, with its reason, by the room that keeps it. */

export * from './limits/discovery.js';
export * from './limits/lan.js';
export * from './limits/messenger.js';
export * from './limits/msfs.js';
export * from './limits/redirector.js';
