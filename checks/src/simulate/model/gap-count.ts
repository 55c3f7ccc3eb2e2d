import type { Datagram } from 'mailslot/testing';

/** Of messages that were numbered together. */
interface Span {
  first: number;
  last: number;
  count: number;
}

/** To this computer, and to its domain. */
interface Spans {
  readonly computer: Span;
  readonly domain: Span;
}

/** What one process should count as lost on the way: of what each instance numbered for a slot here, all between first and last. */
export class GapCount {
  /** Whether the model cannot tell any more what was noted. */
  isVague = false;
  private readonly numbers = new Map<object, Map<string, Spans>>();

  /** @param attachment the slot, as long as it is there: one that comes back begins anew */
  note(windows: string, attachment: object, { identity, to, sequence }: Datagram): void {
    const toSlot = this.numbers.get(attachment) ?? new Map<string, Spans>();
    this.numbers.set(attachment, toSlot);
    const sender = `${windows} ${identity.instance}`;
    const spans = toSlot.get(sender) ?? {
      computer: { first: sequence, last: 0, count: 0 },
      domain: { first: sequence, last: 0, count: 0 },
    };
    toSlot.set(sender, spans);
    const span = spans[to.kind];
    span.first = span.count === 0 ? sequence : Math.min(span.first, sequence);
    span.last = Math.max(span.last, sequence);
    span.count += 1;
  }

  get missing(): number {
    const all = Array.from(this.numbers.values()).flatMap((senders) => [...senders.values()]);
    return all.reduce((sum, { computer, domain }) => sum + missingIn(computer) + missingIn(domain), 0);
  }
}

function missingIn({ first, last, count }: Span): number {
  return count === 0 ? 0 : last - first + 1 - count;
}
