/**
 * The memory that runs keep alive: each buffer in which one lies is kept whole, however little of it is still wanted.
 */
export class KeptMemory {
  private readonly runs = new Map<ArrayBufferLike, number>();
  private size = 0;

  /** Bytes of all buffers in which a run lies. */
  get bytes(): number {
    return this.size;
  }

  /** What one more run in `memory` would add. */
  costOf(memory: ArrayBufferLike): number {
    return this.runs.has(memory) ? 0 : memory.byteLength;
  }

  /** One more run lies in `memory`. */
  add(memory: ArrayBufferLike): void {
    const runs = this.runs.get(memory);
    if (runs === undefined) this.size += memory.byteLength;
    this.runs.set(memory, (runs ?? 0) + 1);
  }

  /** One less does. */
  remove(memory: ArrayBufferLike): void {
    const runs = this.runs.get(memory) ?? 0;
    if (runs > 1) this.runs.set(memory, runs - 1);
    else if (this.runs.delete(memory)) this.size -= memory.byteLength;
  }

  clear(): void {
    this.runs.clear();
    this.size = 0;
  }
}
