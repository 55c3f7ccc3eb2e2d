import type { Note } from 'mailslot/messenger';
import { escapeText } from '../escape.js';
import { runShell } from '../run-command.js';

/** Messages that wait for the command; of more the oldest are left to the inbox. */
const WAITING = 1000;

/** Of the text in the environment, which has much less room than an input. */
const TEXT_IN_ENVIRONMENT = 4000;

/** Runs a command of the user for each message that comes, one after the other. */
export class NoteCommand {
  readonly #command: string;
  readonly #end = new AbortController();
  #waiting: Note[] = [];
  #left = 0;
  #isRunning = false;

  constructor(command: string) {
    this.#command = command;
  }

  take(note: Note): void {
    if (note.isOwn || note.isNotice || this.#end.signal.aborted) return;
    this.#waiting.push(note);
    if (this.#waiting.length > WAITING) {
      this.#waiting.shift();
      this.#left += 1;
    }
    if (!this.#isRunning) void this.#run();
  }

  /** Ends the command that runs, and runs no more. */
  close(): void {
    this.#end.abort();
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    this.#isRunning = true;
    for (let note = this.#waiting.shift(); note !== undefined; note = this.#waiting.shift()) {
      const failure = await runShell(this.#command, note.text, signal, variablesOf(note));
      if (signal.aborted) break;
      if (failure !== undefined) process.stderr.write(`mailslot: the command ${failure}; it goes on\n`);
      this.#tellLeft();
    }
    this.#isRunning = false;
  }

  #tellLeft(): void {
    if (this.#left === 0) return;
    process.stderr.write(`mailslot: the command is too slow: ${this.#left} messages are in the inbox only\n`);
    this.#left = 0;
  }
}

/** What others wrote is escaped here: environments cannot hold a NUL, and are printed by people without a thought. */
function variablesOf({ id, from, computer, to, level, text, time }: Note): Record<string, string> {
  return {
    MAILSLOT_NOTE_ID: id,
    MAILSLOT_NOTE_FROM: escapeText(from),
    MAILSLOT_NOTE_TO: escapeText(to),
    MAILSLOT_NOTE_LEVEL: level,
    MAILSLOT_NOTE_TIME: new Date(time).toISOString(),
    MAILSLOT_NOTE_TEXT: escapeText(text.slice(0, TEXT_IN_ENVIRONMENT)),
    // Empty and not missing, or the command would see that of whoever started us.
    MAILSLOT_SENDER_COMPUTER: escapeText(computer ?? ''),
  };
}
