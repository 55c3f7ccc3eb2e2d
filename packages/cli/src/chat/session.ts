import { drawing } from '../terminal/output.js';
import type { Display } from './conversation.js';
import { Keys, type Wish } from './keys.js';
import { Line } from './line.js';
import { Screen } from './screen.js';
import { Typing } from './typing.js';

/** What a session tells of the person at the terminal. */
export interface Listener {
  send(text: string): void;
  seen(): void;
  confirmAlerts(): void;
}

/** A terminal while it is talked on. */
export interface TerminalSession extends Display {
  /** Resolves when the person wants to end it. */
  run(listener: Listener): Promise<void>;
  /** Leaves the terminal as it was found. */
  end(): void;
}

/** This process's terminal while it is talked on: keys one by one, a line at its foot, and its old self again at the end. */
export class Session implements TerminalSession {
  readonly #prompt: string;
  readonly #line = new Line();
  readonly #keys = new Keys(this.#line);
  #screen: Screen | undefined;
  #isRedrawn = true;
  #listener: Listener | undefined;
  #end = (): void => {};
  readonly #typing = new Typing(this.#keys, (wish) => this.#grant(wish));
  readonly #onData = (chunk: string): void => this.#typed(chunk);
  readonly #onResize = (): void => this.#screen?.resized(this.#line.view(this.#screen.room));
  /** Whatever ends the process leaves a terminal that can be used. */
  readonly #onExit = (): void => this.#leave();

  /** @param prompt what stands before the line; harmless already */
  constructor(prompt: string) {
    this.#prompt = prompt;
    process.stdin.setEncoding('utf8').on('data', this.#onData);
    process.stdout.on('resize', this.#onResize);
    process.on('exit', this.#onExit);
    this.#enter();
  }

  get waiting(): number {
    return process.stdout.writableLength;
  }

  /** Lines that are harmless already. */
  print(lines: readonly string[]): void {
    if (this.#screen) this.#screen.print(lines);
    else drawing().write(lines.map((line) => `${line}\n`).join(''));
  }

  run(listener: Listener): Promise<void> {
    this.#listener = listener;
    return new Promise((resolve) => {
      this.#end = resolve;
      // A terminal that is gone reads as an end.
      process.stdin.once('end', resolve);
    });
  }

  end(): void {
    this.#leave();
    process.stdin.off('data', this.#onData);
    process.stdout.off('resize', this.#onResize);
    process.off('exit', this.#onExit);
    process.stdin.pause();
    this.#end();
  }

  #enter(): void {
    process.stdin.setRawMode(true);
    process.stdin.resume();
    this.#screen = new Screen(drawing(), this.#prompt);
    this.#screen.show(this.#line.view(this.#screen.room));
  }

  #leave(): void {
    this.#screen?.end();
    this.#screen = undefined;
    if (process.stdin.isRaw) process.stdin.setRawMode(false);
  }

  #typed(chunk: string): void {
    this.#listener?.seen();
    this.#typing.feed(chunk);
    if (!this.#isRedrawn) return;
    // Once for all that came together.
    this.#isRedrawn = false;
    setImmediate(() => {
      this.#isRedrawn = true;
      this.#screen?.show(this.#line.view(this.#screen.room));
    });
  }

  #grant(wish: Wish): void {
    if (wish === 'send') this.#send();
    else if (wish === 'end') this.#end();
    else if (wish === 'suspend') this.#suspend();
    else if (wish === 'redraw') this.#screen?.clear();
    else if (wish === 'refuse') this.#screen?.bell();
  }

  #send(): void {
    const text = this.#line.take();
    if (text.trim() === '') this.#listener?.confirmAlerts();
    else this.#listener?.send(text);
  }

  /** As every program does for Ctrl-Z, which a terminal that hands out keys does not do by itself. */
  #suspend(): void {
    if (process.platform === 'win32') return;
    this.#leave();
    process.once('SIGCONT', () => this.#enter());
    process.kill(process.pid, 'SIGTSTP');
  }
}
