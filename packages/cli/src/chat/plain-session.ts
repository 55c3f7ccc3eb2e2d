import { createInterface, type Interface } from 'node:readline';
import { drawing } from '../terminal/output.js';
import type { Listener, TerminalSession } from './session.js';

/** A terminal that can only print and read lines: what is typed is a line of its own, with what comes before and after it. */
export class PlainSession implements TerminalSession {
  readonly #lines: Interface = createInterface({ input: process.stdin, terminal: false });

  get waiting(): number {
    return drawing().writableLength;
  }

  /** Lines that are harmless already. */
  print(lines: readonly string[]): void {
    drawing().write(lines.map((line) => `${line}\n`).join(''));
  }

  run(listener: Listener): Promise<void> {
    this.#lines.on('line', (line) => {
      listener.seen();
      if (line.trim() === '') listener.confirmAlerts();
      else listener.send(line);
    });
    return new Promise((resolve) => {
      this.#lines.once('close', resolve);
    });
  }

  end(): void {
    this.#lines.close();
  }
}
