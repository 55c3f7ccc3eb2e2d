/** Where the system says what nobody asked but somebody should know. */
export interface Log {
  warn(message: string): void;
}

/** Warnings of the process: on stderr once, and for `process.on('warning')`. */
export const realLog: Log = {
  warn: (message) => process.emitWarning(message, { type: 'MailslotWarning' }),
};
