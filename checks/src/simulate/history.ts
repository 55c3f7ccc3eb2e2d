/** What happened in a run, in order, as one number of 64 bits: two runs that differ anywhere differ in it. */
export class History {
  private high = 0x6d73_6c74;
  private low = 0x5eed_0001;

  note(...values: readonly number[]): void {
    for (const value of values) {
      // Times have fractions; 1/1024 ms is finer than any of them.
      const word = Math.floor(value * 1024) >>> 0;
      this.high = Math.imul(this.high ^ word, 0x85eb_ca6b) ^ (this.low >>> 15);
      this.low = (Math.imul(this.low, 0xc2b2_ae35) + word + (this.high >>> 13)) | 0;
    }
  }

  noteText(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.note(text.charCodeAt(at));
  }

  digest(): string {
    return [this.high, this.low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
