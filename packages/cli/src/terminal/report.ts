import { jsonLine } from './escape.js';
import { print } from './output.js';

export interface ReportOptions {
  readonly json?: boolean;
  /** Nothing is said of what went well. */
  readonly quiet?: boolean;
}

/** Prints what a command has done: as one object, or in words unless nobody wants them. */
export async function report(record: object, words: string, { json, quiet }: ReportOptions): Promise<void> {
  if (json) await print(jsonLine(record));
  else if (!quiet) await print(words);
}
