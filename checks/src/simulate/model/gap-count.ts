import type { Datagram } from 'mailslot/testing';

/** What one process should count as lost on the way: of what each instance numbered, all between first and last. */
export class GapCount {
  /** Whether the model cannot tell any more what was noted. */
  isVague = false;
  private readonly heard = new Map<string, { first: number; last: number; count: number }>();

  note(windows: string, { identity, to, sequence }: Datagram): void {
    const key = `${identity.instance}${to.kind}${windows}`;
    const span = this.heard.get(key);
    if (span === undefined) {
      this.heard.set(key, { first: sequence, last: sequence, count: 1 });
      return;
    }
    span.first = Math.min(span.first, sequence);
    span.last = Math.max(span.last, sequence);
    span.count += 1;
  }

  get missing(): number {
    let sum = 0;
    for (const { first, last, count } of this.heard.values()) sum += last - first + 1 - count;
    return sum;
  }
}
