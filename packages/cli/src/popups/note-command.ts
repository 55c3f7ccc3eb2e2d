import type { Note } from 'mailslot/messenger';
import type { Told } from '../exec/command-environment.js';
import { runShell } from '../exec/run-command.js';
import { noteRecord } from '../messenger/note-text.js';
import { escapeText } from '../terminal/escape.js';
import { tell } from '../terminal/output.js';

/** Messages that wait for the command; of more the oldest are left to the inbox. */
const WAITING = 1000;

/** Of the text in a variable, which has much less room than an input. */
const TEXT_IN_ENVIRONMENT = 4000;

/** Runs a command of the user for each message that comes, one after the other. */
export class NoteCommand {
  readonly #command: string;
  readonly #end = new AbortController();
  readonly #now: AbortSignal;
  #running: Promise<void> = Promise.resolve();
  #waiting: Note[] = [];
  #left = 0;
  #isRunning = false;

  /** @param now ends the command that runs by force */
  constructor(command: string, now: AbortSignal) {
    this.#command = command;
    this.#now = now;
  }

  take(note: Note): void {
    if (note.isOwn || note.isNotice || this.#end.signal.aborted) return;
    this.#waiting.push(note);
    if (this.#waiting.length > WAITING) {
      this.#waiting.shift();
      this.#left += 1;
    }
    if (!this.#isRunning) this.#running = this.#run();
  }

  /** Ends the command that runs, and runs no more; resolves when nothing is left of it. */
  close(): Promise<void> {
    this.#end.abort();
    this.#waiting = [];
    return this.#running;
  }

  async #run(): Promise<void> {
    const ending = { stop: this.#end.signal, now: this.#now };
    this.#isRunning = true;
    for (let note = this.#waiting.shift(); note !== undefined; note = this.#waiting.shift()) {
      const failure = await runShell(this.#command, toldOf(note), ending);
      if (ending.stop.aborted) break;
      if (failure !== undefined) tell(`mailslot: the command ${failure}; it goes on\n`);
      this.#tellLeft();
    }
    this.#isRunning = false;
  }

  #tellLeft(): void {
    if (this.#left === 0) return;
    tell(`mailslot: the command is too slow: ${this.#left} messages are in the inbox only\n`);
    this.#left = 0;
  }
}

/** What others wrote is escaped here: environments cannot hold a NUL, and are printed by people without a thought. */
function toldOf(note: Note): Told {
  const { id, from, computer, to, level, text, time } = note;
  return {
    input: text,
    ours: {
      MAILSLOT_NOTE_ID: id,
      MAILSLOT_NOTE_LEVEL: level,
      MAILSLOT_NOTE_TIME: new Date(time).toISOString(),
    },
    theirs: {
      MAILSLOT_NOTE_FROM: escapeText(from),
      MAILSLOT_NOTE_TO: escapeText(to),
      MAILSLOT_NOTE_TEXT: escapeText(text.slice(0, TEXT_IN_ENVIRONMENT)),
      // Empty and not missing, or the command would see that of whoever started us.
      MAILSLOT_SENDER_COMPUTER: escapeText(computer ?? ''),
    },
    record: noteRecord(note),
  };
}
