import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command of the user is told of a message. */
export interface Told {
  /** Its standard input: never a part of the command line. */
  readonly input: Buffer | string;
  /** Variables that hold what is ours: numbers, and words from a short list. */
  readonly ours: Readonly<Record<string, string>>;
  /** Variables that hold what others wrote. */
  readonly theirs: Readonly<Record<string, string>>;
  /** The message as one object, as `--json` shows it. */
  readonly record: object;
}

/**
 * Gives a command the variables that tell it of a message.
 *
 * cmd.exe puts the value of `%NAME%` into the command line before it looks what that says, so a variable with others'
 * text would be run. There such text is in a file only, with all else that is known of the message.
 */
export async function withEnvironment<T>(
  { ours, theirs, record }: Pick<Told, 'ours' | 'theirs' | 'record'>,
  platform: NodeJS.Platform,
  use: (variables: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (platform !== 'win32') return use({ ...ours, ...theirs });
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-'));
  try {
    const file = join(folder, 'message.json');
    writeFileSync(file, asciiJson(record), { mode: 0o600 });
    // Empty and not missing, or the command would see those of whoever started us.
    const nothing = Object.fromEntries(Object.keys(theirs).map((name) => [name, '']));
    return await use({ ...ours, ...nothing, MAILSLOT_MESSAGE_FILE: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Read alike by whatever takes it for UTF-8 or for a code page of Windows. */
function asciiJson(record: object): string {
  const escaped = JSON.stringify(record).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
