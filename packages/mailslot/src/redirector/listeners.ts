/** Who wants to be told, in the order in which they came. */
export class Listeners {
  private readonly all = new Set<{ readonly call: () => void }>();

  /** Returns how to stop. */
  add(listener: () => void): () => void {
    const entry = { call: listener };
    this.all.add(entry);
    return () => void this.all.delete(entry);
  }

  call(): void {
    for (const { call } of [...this.all]) call();
  }
}
