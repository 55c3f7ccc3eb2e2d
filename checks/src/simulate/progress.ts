/** A line on stderr that says how far it is, once that takes more than a second; in a log one each ten seconds. */
export class Progress {
  private readonly what: string;
  private readonly isShown = process.stderr.isTTY;
  private nextAt = performance.now() + 1_000;

  constructor(what: string) {
    this.what = what;
  }

  show(text: string): void {
    if (performance.now() < this.nextAt) return;
    this.nextAt = performance.now() + (this.isShown ? 1_000 : 10_000);
    process.stderr.write(this.isShown ? `\r\x1b[K${this.what}: ${text}` : `${this.what}: ${text}\n`);
  }

  end(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K');
  }
}
